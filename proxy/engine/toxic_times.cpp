// What a proxy's toxics do at times of their own: `ttl` and `schedule`.
#include "proxy/engine/proxy_entry.hpp"
#include "proxy/record/log_record.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace aconite {
namespace {

/// When the next step of its schedule is due.
time_point step_time(toxic_entry const& toxic)
{
    return later(toxic.schedule_began,
                 std::chrono::milliseconds(toxic.schedule[toxic.next_step].at_ms));
}

}  // namespace

void proxy_entry::arm_ttl(toxic_entry& toxic)
{
    toxic.ttl_end = {};
    if (toxic.ttl_ms == 0)
        return;
    auto const at =
        later(std::chrono::steady_clock::now(), std::chrono::milliseconds(toxic.ttl_ms));
    toxic.ttl_end = around_.timetable.at(at, [this, id = toxic.planned.id] { remove_by_id(id); });
}

/// The schedule begins now.
void proxy_entry::arm_schedule(toxic_entry& toxic)
{
    toxic.step_due = {};
    toxic.schedule_began = std::chrono::steady_clock::now();
    await_step(toxic);
}

void proxy_entry::await_step(toxic_entry& toxic)
{
    if (toxic.next_step < toxic.schedule.size())
        toxic.step_due = around_.timetable.at(step_time(toxic),
                                              [this, id = toxic.planned.id] { take_steps(id); });
}

/// All steps that are due are taken together.
void proxy_entry::take_steps(std::uint64_t toxic_id)
{
    auto const same = [&](auto const& each) { return each.planned.id == toxic_id; };
    auto const toxic = std::ranges::find_if(toxics_, same);
    auto const now = std::chrono::steady_clock::now();
    while (toxic->next_step < toxic->schedule.size() && step_time(*toxic) <= now) {
        auto const& step = toxic->schedule[toxic->next_step++];
        if (step.what == schedule_step::action::remove &&
            toxic->next_step == toxic->schedule.size()) {
            remove_by_id(toxic_id);
            return;
        }
        if (step.what == schedule_step::action::update)
            update(*toxic, step);
        else
            toxic->active = step.what == schedule_step::action::add;
    }
    await_step(*toxic);
    note("toxic stepped", *toxic);
    publish();
}

/// It went with the toxic when it was checked; only the kernel may have changed its mind.
void proxy_entry::update(toxic_entry& toxic, schedule_step const& step)
{
    auto change = check_change(toxic, {step.toxicity, step.attributes, {}});
    if (change)
        toxic.take(*std::move(change));
    else
        tell(around_.log, log_level::warn, "Unable to update toxic as scheduled",
             {{"name", name_}, {"toxic", toxic.name}, {"error", change.error().text}});
}

}  // namespace aconite
