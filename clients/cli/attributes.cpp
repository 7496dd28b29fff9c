#include "clients/cli/attributes.hpp"

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

std::string_view trimmed(std::string_view text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
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
            auto const comma = rest.find(',');
            auto const item = trimmed(rest.substr(0, comma));
            rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
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

}  // namespace aconite::cli
