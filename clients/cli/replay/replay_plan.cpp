#include "clients/cli/replay/replay_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// "0,3,7-9".
std::string ordinals_of(recorded_toxic const& toxic)
{
    std::string text;
    for (auto at = toxic.acts.begin(); at != toxic.acts.end();) {
        auto const first = at->first;
        auto last = first;
        for (++at; at != toxic.acts.end() && at->first == last + 1; ++at)
            ++last;
        text += fmt::format("{}{}", text.empty() ? "" : ",", first);
        if (last > first)
            text += fmt::format("-{}", last);
    }
    return text;
}

/// Whether it lets hits off by their number among those of all connections.
bool counts_over_all(json const& trigger)
{
    return trigger.value("scope", "toxic") != "connection" &&
           (trigger.value("after_hits", 0) > 0 || trigger.value("every", 1) > 1);
}

bool all_alike(recorded_toxic const& toxic)
{
    auto const& sample = toxic.acts.begin()->second;
    return std::ranges::all_of(toxic.acts, [&](auto const& each) {
        return each.second.offset == sample.offset && each.second.hits == sample.hits;
    });
}

/// Where it began on connections that it found open: the smallest recorded place, with a doubt
/// unless all of them agree on it.
std::uint64_t start_of(recorded_toxic const& toxic, std::vector<std::string>& doubts)
{
    auto const found_open = [&](auto const& each) {
        return toxic.open_before.contains(each.first);
    };
    if (std::ranges::none_of(toxic.acts, found_open))
        return 0;
    std::optional<std::uint64_t> start;
    for (auto const& [ordinal, acts] : toxic.acts)
        if (acts.offset)
            start = std::min(start.value_or(*acts.offset), *acts.offset);
    bool const agreed = std::ranges::all_of(toxic.acts, [&](auto const& each) {
        return !found_open(each) || each.second.offset == start;
    });
    auto const type = toxic.config.at("type").get<std::string>();
    std::string doubt;
    if (!start)
        doubt = "now starts with them";
    else if (!agreed)
        doubt = fmt::format("now starts at byte {} of all, which is too early for some", *start);
    else if (type == "limit_data" || type == "limit_time")
        doubt = fmt::format("now counts from byte {}, which is too late", *start);
    if (!doubt.empty())
        doubts.push_back("it was added while connections were open and " + doubt);
    return start.value_or(0);
}

/// Aims it at the connections that it acted on.
void aim(replayed_toxic& made, recorded_toxic const& toxic)
{
    auto& config = made.config;
    auto trigger = toxic.config.value("trigger", json::object());
    if (counts_over_all(trigger)) {
        if (trigger.value("every", 1) > 1 || !all_alike(toxic)) {
            made.doubts.emplace_back("it is aimed as it was, not by ordinals: its trigger counts "
                                     "hits over all connections, whose order may differ");
            config["toxicity"] = toxic.config.at("toxicity");
            config["match"] = toxic.config.value("match", json::object());
            config["trigger"] = trigger;
            return;
        }
        // Those that were let off came first: what is left is told by place and number.
        auto const& acts = toxic.acts.begin()->second;
        trigger.erase("after_hits");
        trigger["after_bytes"] = acts.offset.value_or(0);
        trigger["times"] = acts.hits;
        trigger["scope"] = "connection";
    } else if (auto const start = start_of(toxic, made.doubts); start > 0) {
        trigger["after_bytes"] = start;
    }
    // The ordinals decide in place of the toxicity's draw, on which no other depends.
    config["toxicity"] = 1;
    config["match"] = {{"ordinals", ordinals_of(toxic)}};
    if (!trigger.empty())
        config["trigger"] = std::move(trigger);
}

replayed_toxic planned(recorded_toxic const& toxic)
{
    replayed_toxic made;
    made.proxy = toxic.proxy;
    made.nth = toxic.nth;
    for (auto const* member : {"name", "type", "stream", "attributes", "seed"})
        made.config[member] = toxic.config.at(member);
    aim(made, toxic);
    if (toxic.changed)
        made.doubts.emplace_back("it was changed between its hits and is as it was at the first");
    if (toxic.removed_early)
        made.doubts.emplace_back("it was removed while connections were open and now goes on");
    if (!toxic.from_the_start)
        made.doubts.emplace_back("the journal does not begin with its proxy: if there had been "
                                 "toxics of that name, its random decisions differ");
    return made;
}

}  // namespace

replay_plan plan_replay(recorded_toxics const& recorded)
{
    replay_plan plan;
    auto const& all = recorded.all();
    for (auto at = all.begin(); at != all.end(); ++at) {
        if (!at->acted())
            continue;
        auto const leave_out = [&](std::string const& why) {
            plan.left_out.push_back(
                fmt::format("toxic '{}' of proxy '{}': {}", at->name, at->proxy, why));
        };
        bool const another = std::any_of(at + 1, all.end(), [&](recorded_toxic const& later) {
            return later.acted() && later.proxy == at->proxy && later.name == at->name;
        });
        if (at->proxy_replaced)
            leave_out("the proxy was created anew after it");
        else if (another)
            leave_out("a later one of that name acted too");
        else if (at->acts.empty())
            leave_out("it turned clients away, which have no ordinals");
        else
            plan.toxics.push_back(planned(*at));
    }
    if (recorded.missing() > 0)
        plan.left_out.push_back(
            fmt::format("{} records that the journal does not have", recorded.missing()));
    if (recorded.unexplained() > 0)
        plan.left_out.push_back(fmt::format("{} hits of toxics that were added before the journal",
                                            recorded.unexplained()));
    return plan;
}

}  // namespace aconite::cli
