#pragma once

#include "proxy/engine/agenda.hpp"
#include "proxy/pipeline/plan.hpp"

#include <aconite/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aconite {

/// What most toxics have: shared by them.
inline attribute_values const& unset_match()
{
    static attribute_values const none(match_row());
    return none;
}
inline attribute_values const& unset_trigger()
{
    static attribute_values const none(trigger_row());
    return none;
}

/// What a toxic shall be, checked.
struct toxic_change {
    attribute_values values;
    float toxicity = 1;
    attribute_values match;
    connection_match admits;
    attribute_values operations;  ///< what it matches of its protocol's row
    attribute_values trigger;
    /// The share of the segments that the kernel shall drop in place of the toxic, if it can.
    std::optional<double> drop_rate;
};

/// A toxic that was checked and can be put in force. Under the engine's lock.
struct toxic_entry {
    std::string name;
    planned_toxic planned;
    attribute_values match = unset_match();
    attribute_values operations{};  ///< without a protocol it has no row
    attribute_values trigger = unset_trigger();
    std::optional<std::uint64_t> seed;
    std::string lease;
    /// In force; a schedule may have put it out of force.
    bool active = true;
    std::int64_t ttl_ms = 0;  ///< 0: none
    std::vector<schedule_step> schedule;
    std::size_t next_step = 0;  ///< of the schedule
    time_point schedule_began{};
    appointment ttl_end;
    appointment step_due;
    /// As asked for, which its schedule changes no more.
    attribute_values asked_values;
    float asked_toxicity = 1;

    /// The same values disturb nothing. Takes effect with the next plan.
    void take(toxic_change change)
    {
        bool const other_values = change.values != planned.values;
        bool const other_operations = change.operations != operations;
        if (other_values) {
            planned.values = std::move(change.values);
            planned.renew_common();
            ++planned.version;
        }
        operations = std::move(change.operations);
        if (planned.type->protocol != nullptr &&
            (other_values || other_operations || !planned.rule))
            planned.rule.reset(new operation_rule const {
                {*planned.type, operations, planned.values}, planned.type->fault(planned.values)});
        if (change.trigger != trigger) {
            trigger = std::move(change.trigger);
            planned.trigger = aconite::trigger::from(trigger);
            ++planned.version;
        }
        match = std::move(change.match);
        planned.match = std::move(change.admits);
        planned.toxicity = change.toxicity;
        planned.drop_rate = change.drop_rate;
    }

    /// The same for what somebody asks for, not the schedule.
    void define(toxic_change change)
    {
        take(std::move(change));
        asked_values = planned.values;
        asked_toxicity = planned.toxicity;
    }

    /// Whether this could be changed to be `wanted`.
    [[nodiscard]] bool can_become(toxic_entry const& wanted) const
    {
        return planned.type == wanted.planned.type &&
               planned.direction == wanted.planned.direction && seed == wanted.seed &&
               lease == wanted.lease;
    }

    /// Whether this, which could become `wanted`, is that or was before its schedule changed it.
    [[nodiscard]] bool same_as(toxic_entry const& wanted) const
    {
        bool const is =
            planned.values == wanted.planned.values && planned.toxicity == wanted.planned.toxicity;
        bool const was =
            asked_values == wanted.asked_values && asked_toxicity == wanted.asked_toxicity;
        return (is || was) && match == wanted.match && operations == wanted.operations &&
               trigger == wanted.trigger && ttl_ms == wanted.ttl_ms && schedule == wanted.schedule;
    }

    /// Takes the place of the schedule, if there was one. Takes effect with the next plan.
    void follow(std::vector<schedule_step> steps)
    {
        schedule = std::move(steps);
        next_step = 0;
        active = schedule.empty() || schedule.front().what != schedule_step::action::add;
    }
};

}  // namespace aconite
