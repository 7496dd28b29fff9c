#include "api/daemon/variables.hpp"

#include "api/json/object_reader.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::daemon {
namespace {

constexpr int depth_max = 32;

constexpr std::string_view name_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "abcdefghijklmnopqrstuvwxyz_0123456789";

problem bad_text(std::string text)
{
    return {400, ": " + std::move(text)};
}

/// What stands for `${inside}`.
result<std::string> value_of(std::string_view inside)
{
    auto const name = std::string(inside.substr(0, inside.find(":-")));
    bool const is_name = name.find_first_not_of(name_characters) == name.npos && !name.empty() &&
                         (name[0] < '0' || name[0] > '9');
    bool const has_default = name.size() < inside.size();
    auto const fallback = has_default ? inside.substr(name.size() + 2) : "";
    if (!is_name || fallback.find("${") != fallback.npos)
        return bad_text(fmt::format(
            "'${{{}}}' must be ${{NAME}} or ${{NAME:-default}}; $$ is a dollar sign", inside));
    auto const* const value = std::getenv(name.c_str());
    if (value != nullptr && (*value != '\0' || !has_default))
        return std::string(value);
    if (!has_default)
        return bad_text(fmt::format("the environment variable {} is not set", name));
    return std::string(fallback);
}

result<std::string> expanded(std::string_view text)
{
    std::string made;
    for (;;) {
        auto const dollar = text.find('$');
        made += text.substr(0, dollar);
        if (dollar == text.npos)
            return made;
        text.remove_prefix(dollar + 1);
        if (!text.starts_with('{')) {
            made += '$';
            text.remove_prefix(text.starts_with('$') ? 1 : 0);
            continue;
        }
        auto const end = text.find('}');
        if (end == text.npos)
            return bad_text("a '${' without its '}'; $$ is a dollar sign");
        auto const value = value_of(text.substr(1, end - 1));
        if (!value)
            return value.error();
        made += *value;
        text.remove_prefix(end + 1);
    }
}

/// Each level adds its step in front of the problem.
result<void> expand(api::json& value, int depth)
{
    if (depth > depth_max)
        return bad_text(fmt::format("nested deeper than {} levels", depth_max));
    auto const within = [depth](api::json& member, std::string_view step) -> result<void> {
        auto const done = expand(member, depth + 1);
        return done ? done : problem{400, api::pointer_to("", step) + done.error().text};
    };
    if (value.is_string()) {
        auto text = expanded(value.get_ref<std::string const&>());
        if (!text)
            return text.error();
        value = *std::move(text);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i)
            if (auto const done = within(value[i], std::to_string(i)); !done)
                return done;
    } else if (value.is_object()) {
        for (auto& [name, member] : value.get_ref<api::json::object_t&>())
            if (auto const done = within(member, name); !done)
                return done;
    }
    return {};
}

}  // namespace

result<void> expand_variables(api::json& value)
{
    return expand(value, 0);
}

}  // namespace aconite::daemon
