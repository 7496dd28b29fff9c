#include "api/json/json_text.hpp"

#include "api/json/object_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

namespace aconite::api {
namespace {

/// Builds a value from what the parser sees. The library's own builder would merge members
/// of equal names, and then nobody could tell which of them came last.
class builder final : public nlohmann::json_sax<json> {
public:
    explicit builder(std::size_t text_bytes) : text_bytes_(text_bytes) {}

    json take() { return std::move(root_); }
    std::optional<json_fault> const& fault() const { return fault_; }

    bool null() override { return place(nullptr); }
    bool boolean(bool value) override { return place(value); }
    bool number_integer(number_integer_t value) override { return place(value); }
    bool number_unsigned(number_unsigned_t value) override { return place(value); }
    bool number_float(number_float_t value, string_t const&) override { return place(value); }
    bool string(string_t& value) override { return place(std::move(value)); }
    bool binary(binary_t& value) override { return place(std::move(value)); }

    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        key_ = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, std::string const&,
                     nlohmann::detail::exception const& why) override
    {
        // The parser counts the end of the text as one byte more, but not inside a string.
        std::string_view const told = why.what();
        if (position > text_bytes_ || told.find("missing closing quote") != told.npos) {
            fault_ = json_fault{"unexpected EOF", text_bytes_};
            return false;
        }
        std::string text = why.what();
        // "[json.exception...] parse error at line 1, column 2: <what people want to read>"
        if (auto const end = text.find("] "); end != std::string::npos)
            text.erase(0, end + 2);
        if (auto const end = text.find(": "); end != std::string::npos)
            text.erase(0, end + 2);
        if (why.id == number_overflow)
            text = pointer_of_next() + " must be a number of 64 bits, not " +
                   text.substr(std::min(text.find('\''), text.size()), number_bytes_told);
        fault_ = json_fault{std::move(text), position};
        return false;
    }

private:
    static constexpr int number_overflow = 406;  // as the library counts its exceptions
    static constexpr std::size_t number_bytes_told = 60;
    static constexpr std::size_t pointer_depth_max = 32;

    [[nodiscard]] std::string pointer_of_next() const
    {
        if (open_.empty())
            return "the body";
        if (open_.size() > pointer_depth_max)
            return "a member";
        std::string pointer;
        for (json const* each : open_) {
            bool const innermost = each == open_.back();
            if (each->is_array())
                pointer = pointer_to(pointer, std::to_string(each->size() - (innermost ? 0 : 1)));
            else
                pointer = pointer_to(
                    pointer,
                    innermost ? key_ : each->get_ref<json::object_t const&>().back().first);
        }
        return pointer;
    }

    json* put(json&& value)
    {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *open_.back();
        if (parent.is_array())
            return &parent.get_ref<json::array_t&>().emplace_back(std::move(value));
        return &append_member(parent, std::move(key_), std::move(value));
    }

    bool place(json&& value)
    {
        put(std::move(value));
        return true;
    }

    bool open(json&& value)
    {
        open_.push_back(put(std::move(value)));
        return true;
    }

    bool close()
    {
        open_.pop_back();
        return true;
    }

    std::size_t text_bytes_;
    json root_;
    /// The containers around the next value. None of them moves while one inside it is open.
    std::vector<json*> open_;
    std::string key_;
    std::optional<json_fault> fault_;
};

json_parsed parse(std::string_view text, bool whole)
{
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return {{}, json_fault{"EOF", text.size()}};
    builder made(text.size());
    auto const complete = json::sax_parse(text.begin(), text.end(), &made,
                                          json::input_format_t::json, /*strict=*/whole);
    if (!complete)
        return {{}, made.fault()};
    return {made.take(), {}};
}

}  // namespace

json& append_member(json& object, std::string name, json value)
{
    json::object_t::Container& members = object.get_ref<json::object_t&>();
    return members.emplace_back(std::move(name), std::move(value)).second;
}

std::string position_in(std::string_view text, std::size_t count)
{
    auto const before = text.substr(0, count > 0 ? count - 1 : 0);
    auto const line = 1 + std::ranges::count(before, '\n');
    auto const line_start = before.rfind('\n') + 1;  // 0 in the first line
    return std::to_string(line) + ":" + std::to_string(before.size() - line_start + 1);
}

json_parsed parse_first_value(std::string_view text)
{
    return parse(text, /*whole=*/false);
}

json_parsed parse_only_value(std::string_view text)
{
    return parse(text, /*whole=*/true);
}

std::string write_text(json const& value)
{
    auto const plain = value.dump(-1, ' ', false, json::error_handler_t::replace);
    std::string text;
    text.reserve(plain.size());
    // Outside of strings JSON has none of these characters.
    for (char const c : plain) {
        switch (c) {
        case '<':
            text += "\\u003c";
            break;
        case '>':
            text += "\\u003e";
            break;
        case '&':
            text += "\\u0026";
            break;
        default:
            text += c;
        }
    }
    return text;
}

json shortest(double value)
{
    if (value == std::trunc(value) && std::fabs(value) < 1e15)
        return static_cast<std::int64_t>(value);
    return value;
}

json shortest(float value)
{
    char digits[32];
    auto const end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    double same = 0;
    std::from_chars(digits, end, same);
    return shortest(same);
}

}  // namespace aconite::api
