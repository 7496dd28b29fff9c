#include "proxy/admission/attempts.hpp"

#include "proxy/pipeline/draw.hpp"

#include <algorithm>

namespace aconite {
namespace {

bool reached(attempt_fault const& fault, std::uint64_t live)
{
    return live >= fault.max_connections;
}

/// Whether `toxic` is drawn for such a connection, its trigger aside.
bool concerns(planned_toxic const& toxic, attempt_fault const& fault, connection_facts const& who)
{
    auto const own = mix(toxic.key_of(who.ordinal, stream::upstream), 0);
    return reached(fault, who.beside) && toxic.acts_on(who) && draw(own) < fault.rate;
}

bool lets(planned_toxic const& toxic)
{
    std::uint64_t own = 0;
    return !toxic.trigger || toxic.trigger->hit(own);
}

/// What it makes of the door, while so many are served.
door_state door_by(planned_toxic const& toxic, std::uint64_t live)
{
    auto const fault = toxic.type->attempts(toxic.values);
    if (toxic.toxicity <= 0 || !reached(fault, live))
        return door_state::open;
    if (fault.mode == attempt_mode::refuse)
        return door_state::refusing;
    return fault.mode == attempt_mode::blackhole ? door_state::silent : door_state::open;
}

}  // namespace

door_state door_for(std::span<planned_toxic const> attempts, std::uint64_t live)
{
    auto state = door_state::open;
    for (auto const& toxic : attempts)
        state = std::max(state, door_by(toxic, live));
    return state;
}

std::vector<planned_toxic const*> who_sets(std::span<planned_toxic const> attempts,
                                           door_state state, std::uint64_t live)
{
    std::vector<planned_toxic const*> found;
    for (auto const& toxic : attempts)
        if (state != door_state::open && door_by(toxic, live) == state)
            found.push_back(&toxic);
    return found;
}

reception receive(std::span<planned_toxic const> attempts, connection_facts const& who)
{
    reception sum;
    for (auto const& toxic : attempts) {
        auto const fault = toxic.type->attempts(toxic.values);
        bool const resets = fault.mode == attempt_mode::reset;
        if ((!resets && fault.mode != attempt_mode::delay) || !concerns(toxic, fault, who) ||
            !lets(toxic))
            continue;
        sum.hits.push_back(&toxic);
        if (resets)
            sum.reset = true;
        else
            sum.delayed_by.push_back(toxic.id);
    }
    return sum;
}

duration delay_of(std::span<planned_toxic const> attempts, std::span<std::uint64_t const> ids)
{
    duration sum{};
    for (auto const& toxic : attempts) {
        auto const fault = toxic.type->attempts(toxic.values);
        if (fault.mode == attempt_mode::delay && std::ranges::find(ids, toxic.id) != ids.end())
            sum += std::min(fault.delay, duration::max() - sum);
    }
    return sum;
}

}  // namespace aconite
