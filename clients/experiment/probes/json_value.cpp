#include "clients/experiment/probes/json_value.hpp"

#include "api/json/json_text.hpp"
#include "clients/experiment/probes/faults.hpp"

#include <algorithm>

namespace aconite::experiment {
namespace {

using ordered_json = nlohmann::ordered_json;

std::string id_from(ordered_json const& from)
{
    if (from.is_string())
        return from.get<std::string>();
    return from.is_null() ? std::string() : api::write_text(from);
}

/// How many lists and objects are open at most: texts do not count.
std::size_t depth_of(std::string_view text)
{
    std::size_t open = 0;
    std::size_t deepest = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = text[i];
        if (quoted) {
            i += static_cast<std::size_t>(c == '\\');
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++open);
        } else if ((c == ']' || c == '}') && open > 0) {
            --open;
        }
    }
    return deepest;
}

constexpr std::size_t depth_max = 200;

}  // namespace

value from_json(ordered_json const& from)
{
    if (from.is_number())
        return from.get<double>();
    if (from.is_boolean())
        return from.get<bool>() ? 1.0 : 0.0;
    if (!from.is_array())
        return id_from(from);
    id_list ids;
    ids.reserve(from.size());
    for (auto const& each : from)
        ids.push_back(id_from(each));
    return ids;
}

result<value> value_at(std::string_view text, std::string_view pointer)
{
    if (depth_of(text) > depth_max)
        return problem{status_wrong, fmt::format("is JSON with more than {} levels", depth_max)};
    auto const parsed = api::parse_only_value(text);
    if (parsed.fault)
        return problem{status_wrong, fmt::format("is no JSON: {} at {}", parsed.fault->text,
                                                 api::position_in(text, parsed.fault->position))};
    try {
        ordered_json::json_pointer const at{std::string(pointer)};
        if (!parsed.value.contains(at))
            return problem{status_wrong, fmt::format("has nothing at '{}'", pointer)};
        return from_json(parsed.value.at(at));
    } catch (ordered_json::exception const&) {
        return problem{status_wrong, fmt::format("has nothing at '{}'", pointer)};
    }
}

result<void> check_pointer(std::string_view pointer)
{
    try {
        ordered_json::json_pointer const read{std::string(pointer)};
        static_cast<void>(read);
        return {};
    } catch (ordered_json::exception const&) {
        return problem{status_wrong, printable(fmt::format(
                                         "'{}' is no JSON pointer: '/orders/0/id' is one, '' is "
                                         "all of it",
                                         pointer))};
    }
}

}  // namespace aconite::experiment
