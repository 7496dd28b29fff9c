#include "clients/cli/line/attributes.hpp"

#include "proxy/net/split.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace aconite::cli {
namespace {

template <class Number>
std::optional<Number> read_number(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    Number value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool is_text(std::span<attribute const> row, std::string_view name)
{
    auto const found = std::ranges::find(row, name, &attribute::name);
    return found != row.end() && found->kind == attribute_kind::text;
}

/// `a.b` is the member b of the object a.
nlohmann::json& member(nlohmann::json& of, std::string const& key, bool lenient)
{
    auto const dot = key.find('.');
    if (lenient || dot == std::string::npos)
        return of[key];
    auto& group = of[key.substr(0, dot)];
    if (!group.is_object())
        group = nlohmann::json::object();
    return group[key.substr(dot + 1)];
}

}  // namespace

nlohmann::json attribute_value(std::string_view text)
{
    if (text == "true" || text == "false")
        return text == "true";
    if (auto const whole = read_number<std::int64_t>(text))
        return *whole;
    auto const number = read_number<double>(text);
    if (!number || !std::isfinite(*number))
        return text;
    constexpr double exact_limit = 9007199254740992.0;  // 2^53
    if (*number == std::trunc(*number) && std::abs(*number) <= exact_limit)
        return static_cast<std::int64_t>(*number);
    return *number;
}

std::optional<float> read_toxicity(std::string_view text)
{
    auto const value = read_number<float>(text);
    return value && *value >= 0 && *value <= 1 ? value : std::nullopt;
}

result<void> read_attributes(std::vector<std::string> const& items, bool lenient,
                             nlohmann::json& into)
{
    into = nlohmann::json::object();
    for (std::string_view rest : items) {
        while (!rest.empty()) {
            auto const item = take_item(rest);
            auto const equals = item.find('=');
            auto const key = std::string(item.substr(0, equals));
            if (equals != std::string_view::npos)
                member(into, key, lenient) = attribute_value(item.substr(equals + 1));
            else if (!lenient)
                return problem{0, "attribute '" + key + "' is not KEY=VALUE."};
        }
    }
    return {};
}

result<void> read_members(std::vector<std::string> const& items, std::span<attribute const> row,
                          nlohmann::json& into)
{
    into = nlohmann::json::object();
    for (std::string_view rest : items) {
        nlohmann::json* open_text = nullptr;
        while (!rest.empty()) {
            auto const item = take_item(rest);
            auto const equals = item.find('=');
            auto const key = std::string(item.substr(0, equals));
            if (equals != std::string_view::npos) {
                auto const value = item.substr(equals + 1);
                auto const text = is_text(row, key);
                into[key] = text ? nlohmann::json(value) : attribute_value(value);
                open_text = text ? &into[key] : nullptr;
            } else if (open_text != nullptr) {
                open_text->get_ref<std::string&>() += "," + key;
            } else {
                return problem{0, "'" + key + "' is not KEY=VALUE."};
            }
        }
    }
    return {};
}

}  // namespace aconite::cli
