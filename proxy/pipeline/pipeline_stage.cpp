// The life of a toxic's stage: it waits for its trigger, acts, lets go and passes on what is left.
#include "proxy/pipeline/pipeline_context.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace aconite {

void pipeline::queue(stage& s, item what)
{
    if (!s.queue.empty())
        what.due = std::max(what.due, s.queue.back().due);
    s.queued_cost += what.data.bytes.size() + item_cost_bytes;
    held_bytes_ += what.data.bytes.size();
    ++held_pieces_;
    s.queue.push_back(std::move(what));
}

/// Starts the toxic now, or when its trigger says so.
void pipeline::wait(stage& s, time_point now)
{
    auto const rules = s.spec.trigger ? s.spec.trigger->rules() : trigger::rule{};
    auto const from = later(s.began, rules.after);
    bool const in_time = from <= now;
    if (in_time && s.passed >= rules.after_bytes)
        start(s, now);
    else
        s.alarm = in_time ? never : from;
}

/// Passes on what comes before the toxic is to start, and starts it in front of the rest.
chunk pipeline::pass_while_waiting(stage& s, chunk c, time_point arrival)
{
    auto const& rules = s.spec.trigger->rules();
    bool const in_time = later(s.began, rules.after) <= arrival;
    auto const ahead = rules.after_bytes - std::min(rules.after_bytes, s.passed);
    auto const size = in_time
                          ? static_cast<std::size_t>(std::min<std::uint64_t>(ahead, c.bytes.size()))
                          : c.bytes.size();
    s.passed += size;
    if (size > 0)
        queue(s, {{c.bytes.take_front(size), c.arrived, c.offset}, std::nullopt, arrival});
    c.offset += size;
    wait(s, arrival);
    return c;
}

void pipeline::start(stage& s, time_point now)
{
    s.is = phase::acting;
    auto const previous = std::exchange(s.actor, s.spec.type->make(s.spec.values));
    s.queue_limit = s.actor->queue_limit_bytes();
    s.alarm = never;
    context link(*this, s, now);
    s.actor->on_start(previous.get(), link);
}

/// The stage stays in its place, without its toxic, until what it holds has left: so nothing
/// is lost or overtaken, whatever the receiver does, and nobody waits for it.
void pipeline::retire(stage& s, time_point now)
{
    let_go(s, now);
    if (s.actor) {
        context link(*this, s, now);
        s.actor->on_remove(link);
        s.actor.reset();
    }
    s.is = phase::retired;
    s.alarm = never;
}

/// Dues never fall towards the back.
void pipeline::let_go(stage& s, time_point due)
{
    for (auto at = s.queue.rbegin(); at != s.queue.rend() && at->due > due; ++at)
        at->due = due;
}

/// The item in which `count` ends is cut in two.
void pipeline::release(stage& s, std::size_t count, time_point due)
{
    auto at = std::ranges::lower_bound(s.queue, never, {}, &item::due);
    if (at != s.queue.begin())
        due = std::max(due, std::prev(at)->due);
    for (; at != s.queue.end() && (count > 0 || at->end); ++at) {
        auto& data = at->data;
        if (count < data.bytes.size()) {
            chunk part{data.bytes.take_front(count), data.arrived, data.offset};
            data.offset += count;
            s.queued_cost += item_cost_bytes;
            ++held_pieces_;
            s.queue.insert(at, {std::move(part), std::nullopt, due});
            return;
        }
        count -= data.bytes.size();
        at->due = due;
    }
}

}  // namespace aconite
