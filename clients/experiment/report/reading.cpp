#include "clients/experiment/report/reading.hpp"

#include "clients/experiment/report/figures.hpp"

#include <cmath>

namespace aconite::experiment {

json const* member_of(json const& of, std::string_view name)
{
    if (!of.is_object())
        return nullptr;
    auto const found = of.find(std::string(name));
    return found == of.end() ? nullptr : &*found;
}

std::string text_of(json const& of, std::string_view name)
{
    auto const* const found = member_of(of, name);
    return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> number_value(json const& value)
{
    if (!value.is_number())
        return std::nullopt;
    auto const number = value.get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<double> number_of(json const& of, std::string_view name)
{
    auto const* const found = member_of(of, name);
    return found == nullptr ? std::nullopt : number_value(*found);
}

json const& list_of(json const& of, std::string_view name)
{
    static json const none = json::array();
    auto const* const found = member_of(of, name);
    return found != nullptr && found->is_array() ? *found : none;
}

json const& object_of(json const& of, std::string_view name)
{
    static json const none = json::object();
    auto const* const found = member_of(of, name);
    return found != nullptr && found->is_object() ? *found : none;
}

std::string shown(json const& value)
{
    if (value.is_null())
        return "-";
    if (value.is_string())
        return value.get<std::string>();
    if (auto const number = number_value(value))
        return figure(*number);
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string shown(json const& of, std::string_view name)
{
    auto const* const found = member_of(of, name);
    return found == nullptr ? "-" : shown(*found);
}

std::string settings_text(json const& settings)
{
    if (!settings.is_object())
        return settings.is_null() ? "" : shown(settings);
    std::string text;
    for (auto const& [name, value] : settings.items())
        text.append(text.empty() ? "" : ", ").append(name).append(" ").append(shown(value));
    return text;
}

}  // namespace aconite::experiment
