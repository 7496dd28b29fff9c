// What a proxy tells: the log, the journal, and who asks.
#include "proxy/engine/proxy_entry.hpp"
#include "proxy/record/log_record.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace aconite {
namespace {

/// Of how many removed toxics a proxy tells what they did.
constexpr std::size_t gone_max = 100;

toxic_stats identity_of(toxic_entry const& toxic)
{
    toxic_stats made;
    made.name = toxic.name;
    made.type = toxic.planned.type->name;
    made.direction = toxic.planned.direction;
    return made;
}

}  // namespace

std::uint64_t proxy_entry::seed_of(toxic_entry const& toxic) const
{
    return toxic.seed ? *toxic.seed : seed_.value_or(around_.seed);
}

void proxy_entry::note(char const* what) const
{
    around_.events.note(record_kind::control, name_, {}, what);
}

void proxy_entry::note(char const* what, toxic_entry const& toxic) const
{
    auto info = describe(toxic);
    info.aim.seed = seed_of(toxic);
    around_.events.note(record_kind::control, name_, toxic.name, what, std::move(info));
}

/// Remembers what it did.
void proxy_entry::bury(toxic_entry const& toxic)
{
    note("toxic removed", toxic);
    around_.events.forget_toxic(id_, toxic.planned.id);
    gone_.emplace_back(identity_of(toxic), toxic.planned.meters);
    gone_.back().first.removed = true;
    if (gone_.size() > gone_max)
        gone_.erase(gone_.begin());
}

void proxy_entry::say(char const* message) const
{
    tell(around_.log, log_level::info, message,
         {{"name", name_}, {"listen", listen_}, {"upstream", upstream_}});
    note(enabled_ ? "proxy started" : "proxy stopped");
}

toxic_info proxy_entry::describe(toxic_entry const& toxic)
{
    auto const& planned = toxic.planned;
    toxic_info info;
    info.name = toxic.name;
    info.type = planned.type->name;
    info.direction = planned.direction;
    info.toxicity = planned.toxicity;
    info.attributes = planned.values.told();
    info.aim.match = toxic.match.told();
    if (planned.rule)
        std::ranges::move(toxic.operations.told(), std::back_inserter(info.aim.match));
    info.aim.trigger = toxic.trigger.told();
    if (toxic.ttl_ms != 0)
        info.aim.ttl_ms = toxic.ttl_ms;
    if (!toxic.schedule.empty())
        info.aim.schedule = toxic.schedule;
    info.aim.seed = toxic.seed;
    info.aim.lease = toxic.lease;
    info.active = toxic.active;
    if (planned.type->drop != nullptr)
        if (auto const wish = planned.type->drop(planned.values))
            info.effective_mode = planned.drop_rate ? "kernel" : wish->otherwise;
    return info;
}

std::vector<toxic_info> proxy_entry::toxics() const
{
    std::vector<toxic_info> all;
    for (auto const& toxic : toxics_)
        all.push_back(describe(toxic));
    // Each stream has them in the order of creation, and whoever reads them back in is to get that.
    if (std::ranges::find(all, stream::both, &toxic_info::direction) == all.end())
        std::ranges::stable_sort(all, {}, &toxic_info::direction);
    return all;
}

proxy_info proxy_entry::info() const
{
    return {name_,
            listen_,
            upstream_,
            enabled_,
            toxics(),
            seed_,
            label(),
            protocol_name(),
            brokers_,
            brokers_seen(),
            spoken_.settings.told()};
}

std::vector<broker_info> proxy_entry::brokers_seen() const
{
    std::vector<broker_info> seen;
    for (auto const& book : books_)
        std::ranges::move(book->brokers(), std::back_inserter(seen));
    return seen;
}

/// The meters of live connections know what the kernel dropped when it is counted.
proxy_stats proxy_entry::stats()
{
    if (enabled_ &&
        std::ranges::any_of(toxics_, [](auto const& t) { return t.planned.drop_rate.has_value(); }))
        around_.shards.on_busy([this](shard& s) { s.count_drops(id_); });
    proxy_stats made;
    made.name = name_;
    made.listen = listen_;
    made.upstream = upstream_;
    made.enabled = enabled_;
    made.brokers = brokers_seen();
    if (live_)
        made.connections_open = live_->value();
    read(*meters_, made);
    for (auto const& toxic : toxics_)
        read(*toxic.planned.meters, around_.events.clock(),
             made.toxics.emplace_back(identity_of(toxic)));
    for (auto const& [who, meters] : gone_)
        read(*meters, around_.events.clock(), made.toxics.emplace_back(who));
    return made;
}

}  // namespace aconite
