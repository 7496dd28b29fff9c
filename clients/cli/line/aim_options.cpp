#include "clients/cli/line/aim_options.hpp"

#include "clients/cli/line/attributes.hpp"
#include "clients/cli/line/numbers.hpp"

#include <aconite/aim.hpp>
#include <aconite/toxic_type.hpp>

#include <string_view>
#include <utility>

namespace aconite::cli {
namespace {

using nlohmann::json;

result<void> append_group(char const* name, std::vector<std::string> const& items,
                          std::span<attribute const> row, json& body)
{
    if (items.empty())
        return {};
    if (auto const read = read_members(items, row, body[name]); !read)
        return problem{0, std::string(name) + " " + read.error().text};
    return {};
}

}  // namespace

result<void> append_aim(command const& asked, std::string_view type, json& body)
{
    auto const types = toxic_registry::builtin();
    auto const* of = types.find(type);
    auto const known = of != nullptr ? of->match_attributes() : types.match_attributes();
    if (auto const read = append_group("match", asked.match, known, body); !read)
        return read;
    if (auto const read = append_group("trigger", asked.trigger, trigger_row(), body); !read)
        return read;
    if (!asked.ttl.empty()) {
        auto const ttl = read_time_ms({0, time_ms_max}, asked.ttl);
        if (!ttl)
            return problem{0, "ttl " + ttl.error().text + "."};
        body["ttl"] = *ttl;
    }
    if (asked.schedule.empty())
        return {};
    auto steps = json::parse(asked.schedule, nullptr, /*allow_exceptions=*/false);
    if (steps.is_discarded())
        return problem{0, "schedule is not JSON."};
    body["schedule"] = std::move(steps);
    return {};
}

}  // namespace aconite::cli
