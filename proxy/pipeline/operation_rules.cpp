#include "proxy/pipeline/operation_rules.hpp"

#include "proxy/pipeline/draw.hpp"
#include "proxy/pipeline/matched_facts.hpp"

#include <algorithm>
#include <utility>

namespace aconite {

void operation_rules::apply(std::vector<operation_spec> specs, time_point now)
{
    std::vector<drawn> next;
    for (auto& spec : specs) {
        auto const same =
            std::ranges::find(rules_, spec.id, [](auto const& r) { return r.spec.id; });
        bool const is_as_it_was = same != rules_.end() && same->spec.rule == spec.rule;
        drawn made{std::move(spec), is_as_it_was ? same->version : ++versions_, now};
        if (same != rules_.end()) {
            made.began = same->began;
            made.affects = same->affects;
            made.hits = same->spec.trigger == made.spec.trigger ? same->hits : 0;
        }
        next.push_back(std::move(made));
    }
    rules_ = std::move(next);
}

bool operation_rules::lives(toxic_version const& toxic) const
{
    return std::ranges::find(rules_, toxic.version, &drawn::version) != rules_.end();
}

bool operation_rules::any_on(stream on) const
{
    return std::ranges::any_of(rules_, [&](auto const& each) { return each.is_on(on); });
}

/// Frames of the two streams draw by themselves.
std::uint64_t operation_rules::key_of(std::uint64_t key, operation const& what)
{
    auto const made = mix(key, what.ordinal);
    return what.on ? mix(made, static_cast<std::uint64_t>(*what.on)) : made;
}

/// Asked in this order, so that a trigger counts only what all else has let through.
bool operation_rules::acts(drawn& each, operation const& what, operation_moment const& when)
{
    if (what.on && !each.is_on(*what.on))
        return false;
    auto const& [id, key, rule, trigger, meter, direction] = each.spec;
    auto const& fault = *rule->fault;
    if (fault.connection_limit != 0 && when.connections <= fault.connection_limit)
        return false;
    if (!rule->match.admits(what))
        return false;
    if (fault.rate < 1 && draw(key_of(key, what)) >= fault.rate)
        return false;
    if (!trigger)
        return true;
    auto const& rules = trigger->rules();
    return later(each.began, rules.after) <= when.now && what.offset >= rules.after_bytes &&
           trigger->hit(each.hits);
}

operation_ruling operation_rules::ask(operation const& what, operation_moment const& when)
{
    operation_ruling made;
    for (auto& each : rules_) {
        if (!acts(each, what, when))
            continue;
        auto const& fault = each.spec.rule->fault;
        made.delay += fault->delay;
        if (fault->delay > duration::zero())
            made.delayed_by = each.as_it_is();
        if (auto* const meter = each.spec.meter.get()) {
            meter->hit(when.now, 1, !std::exchange(each.affects, true));
            meter->added_delay.add(fault->delay);
        }
        matched_facts const matched(what, each.spec.rule->match);
        observer_.on_hit(each.spec.id, matched.about(), fault->delay);
        if (fault->only_delays)
            continue;
        made.fault = fault;
        made.toxic = each.as_it_is();
        made.filter = {each.spec.rule, &each.spec.rule->match};
        break;
    }
    return made;
}

}  // namespace aconite
