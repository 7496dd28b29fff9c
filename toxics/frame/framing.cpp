#include "toxics/frame/framing.hpp"

#include "toxics/frame/settings.hpp"
#include "toxics/protocol_toxic.hpp"

#include <algorithm>

namespace aconite::frame {
namespace {

std::string delimiter_of(attribute_values const& values)
{
    auto const& hex = values.text("hex");
    return hex.empty() ? values.text("text") : bytes_of_hex(hex).value_or("");
}

int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Settings that frames of one kind have: of the others there are none with that name.
struct own_setting {
    std::string_view name;
    std::string_view kinds;
};
constexpr own_setting own_settings[] = {{"offset", "length"},  {"bytes", "length or fixed"},
                                        {"order", "length"},   {"includes", "length"},
                                        {"text", "delimiter"}, {"hex", "delimiter"}};

}  // namespace

result<void> check_settings(attribute_values const& values)
{
    auto const kind = toxics::position_of(kind_names, values.choice("frame"));
    for (auto const& [name, value] : values.told())
        for (auto const& own : own_settings)
            if (name == own.name && own.kinds.find(kind_names[kind]) == std::string_view::npos)
                return toxics::bad_attribute(
                    name, "absent: frames by " + std::string(kind_names[kind]) + " have none");
    bool const by_length = kind == static_cast<std::size_t>(framing_kind::length);
    if (by_length && values["bytes"] > static_cast<std::int64_t>(length_bytes_max))
        return toxics::bad_attribute("bytes", "between 1 and 8 bytes for a length, not " +
                                                  std::to_string(values["bytes"]));
    if (by_length && values["includes"] > values["offset"] + values["bytes"])
        return toxics::bad_attribute(
            "includes", "at most " + std::to_string(values["offset"] + values["bytes"]) +
                            " bytes (offset and bytes), not " + std::to_string(values["includes"]));
    if (by_length && values["offset"] + values["bytes"] > values["largest"])
        return toxics::bad_attribute(
            "largest", "at least " + std::to_string(values["offset"] + values["bytes"]) +
                           " bytes (offset and bytes), not " + std::to_string(values["largest"]));
    if (kind == static_cast<std::size_t>(framing_kind::delimiter)) {
        bool const both = !values.text("hex").empty() && !values.text("text").empty();
        auto const size = delimiter_of(values).size();
        if (both || size == 0 || size > delimiter_max)
            return toxics::bad_attribute("text", "1 to 64 bytes for a delimiter, or 'hex' the "
                                                 "digits of so many in its place");
    }
    if (kind == static_cast<std::size_t>(framing_kind::fixed) &&
        values["bytes"] > values["largest"])
        return toxics::bad_attribute("bytes", "at most 'largest' bytes");
    return {};
}

std::shared_ptr<protocol_common> make_framing(attribute_values const& values)
{
    auto made = std::make_shared<framing>();
    made->kind = static_cast<framing_kind>(toxics::position_of(kind_names, values.choice("frame")));
    made->offset = static_cast<std::size_t>(values["offset"]);
    made->bytes = static_cast<std::size_t>(values["bytes"]);
    made->little = values.choice("order") == "little";
    made->includes = values["includes"];
    made->delimiter = delimiter_of(values);
    made->largest = static_cast<std::uint64_t>(values["largest"]);
    made->wait = values.ms("wait");
    made->skip[0] = static_cast<std::uint64_t>(values["skip_upstream"]);
    made->skip[1] = static_cast<std::uint64_t>(values["skip_downstream"]);
    return made;
}

std::optional<std::uint64_t> framing::size_of(std::string_view header) const
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        auto const at = little ? bytes - 1 - i : i;
        value = value << 8U | static_cast<unsigned char>(header[offset + at]);
    }
    // So that nothing below can overflow.
    if (value > static_cast<std::uint64_t>(time_ms_max) + largest)
        return std::nullopt;
    auto const head = static_cast<std::int64_t>(header_bytes());
    auto const size = head + static_cast<std::int64_t>(value) - includes;
    if (size < head || static_cast<std::uint64_t>(size) > largest)
        return std::nullopt;
    return static_cast<std::uint64_t>(size);
}

bool framing::put_right(std::string& frame) const
{
    switch (kind) {
    case framing_kind::delimiter:
        if (!frame.ends_with(delimiter))
            frame.append(delimiter);
        return true;
    case framing_kind::fixed:
        frame.resize(bytes);
        return true;
    default:
        break;
    }
    auto const told = static_cast<std::int64_t>(frame.size()) -
                      static_cast<std::int64_t>(header_bytes()) + includes;
    if (frame.size() < header_bytes() || told < 0)
        return false;
    auto value = static_cast<std::uint64_t>(told);
    if (bytes < length_bytes_max && value >> (8 * bytes) != 0)
        return false;
    for (std::size_t i = 0; i < bytes; ++i) {
        frame[offset + (little ? i : bytes - 1 - i)] = static_cast<char>(value & 0xffU);
        value >>= 8U;
    }
    return true;
}

std::optional<std::string> bytes_of_hex(std::string_view text)
{
    std::string made;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
            continue;
        }
        auto const high = digit_of(text[i]);
        auto const low = i + 1 < text.size() ? digit_of(text[i + 1]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        made.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return made;
}

}  // namespace aconite::frame
