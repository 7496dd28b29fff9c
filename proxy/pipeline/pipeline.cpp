#include "proxy/pipeline/pipeline_context.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace aconite {
namespace {

/// How much may wait for the socket before the last stage is held back.
constexpr std::size_t output_limit_bytes = 256 * 1024;

/// How many items one call moves.
constexpr std::size_t moves_max = 4096;

}  // namespace

void pipeline::apply(std::vector<stage_spec> const& specs, time_point now)
{
    for (auto& s : stages_) {
        auto const kept = [&](stage_spec const& spec) { return spec.id == s->spec.id; };
        if (s->is != phase::retired && std::ranges::none_of(specs, kept))
            retire(*s, now);
    }
    for (auto const& spec : specs) {
        auto at = std::ranges::find_if(stages_, [&](auto const& s) {
            return s->is != phase::retired && s->spec.id >= spec.id;
        });
        if (at == stages_.end() || (*at)->spec.id != spec.id) {
            at = stages_.insert(at, std::make_unique<stage>());
            (*at)->spec = spec;
            (*at)->began = now;
            wait(**at, now);
        } else if ((*at)->spec.version != spec.version) {
            let_go(**at, now);
            if ((*at)->spec.trigger != spec.trigger)
                (*at)->hits = 0;
            (*at)->spec = spec;
            if ((*at)->is == phase::acting)
                start(**at, now);
            else
                wait(**at, now);
        }
    }
    drop_finished_stages();
}

void pipeline::abandon(time_point now)
{
    for (auto& s : stages_) {
        if (!s->actor)
            continue;
        context link(*this, *s, now);
        s->actor->on_abandon(link);
    }
}

void pipeline::drop_finished_stages()
{
    std::erase_if(stages_,
                  [](auto const& s) { return s->is == phase::retired && s->queue.empty(); });
}

void pipeline::push(slice bytes, time_point now)
{
    auto const offset = std::exchange(offset_, offset_ + bytes.size());
    deliver(0, {{std::move(bytes), now, offset}, std::nullopt, now}, now);
}

void pipeline::push_end(ending how, time_point now)
{
    deliver(0, {{}, how, now}, now);
}

bool pipeline::accepts() const
{
    return stages_.empty() ? output_.empty() : !stages_.front()->full();
}

/// Hands `what` to stage `index`, or to the output behind the last one.
void pipeline::deliver(std::size_t index, item what, time_point arrival)
{
    if (index == stages_.size()) {
        if (end_)
            return;
        end_ = what.end;
        if (what.data.bytes.empty())
            return;
        output_bytes_ += what.data.bytes.size();
        held_bytes_ += what.data.bytes.size();
        ++held_pieces_;
        output_.push_back(std::move(what.data.bytes));
        return;
    }
    auto& s = *stages_[index];
    if (s.ended)
        return;
    what.data.arrived = arrival;
    if (s.alarm < arrival)
        fire_alarm(s, arrival);
    if (s.is == phase::waiting && !what.end) {
        what.data = pass_while_waiting(s, std::move(what.data), arrival);
        if (what.data.bytes.empty())
            return;
    }
    if (!s.actor) {
        s.ended = what.end.has_value();
        what.due = arrival;
        queue(s, std::move(what));
        return;
    }
    if (what.end) {
        context link(*this, s, arrival, *what.end);
        s.actor->on_end(*what.end, link);
    } else {
        context link(*this, s, arrival, what.data);
        s.actor->on_data(std::move(what.data), link);
    }
}

bool pipeline::fire_alarm(stage& s, time_point now)
{
    if (s.alarm > now)
        return false;
    if (s.is == phase::waiting) {
        wait(s, s.alarm);
        return true;
    }
    context link(*this, s, std::exchange(s.alarm, never));
    s.actor->on_alarm(link);
    return true;
}

bool pipeline::room_after(std::size_t index) const
{
    if (index + 1 == stages_.size())
        return output_bytes_ + output_.size() * item_cost_bytes < output_limit_bytes;
    return !stages_[index + 1]->full();
}

bool pipeline::move_due(std::size_t index, time_point now)
{
    auto& s = *stages_[index];
    bool moved = false;
    while (moves_left_ > 0 && !s.queue.empty() && s.queue.front().due <= now) {
        if (!s.queue.front().end && !room_after(index)) {
            s.blocked = true;
            return moved;
        }
        --moves_left_;
        auto what = std::move(s.queue.front());
        s.queue.pop_front();
        s.queued_cost -= what.data.bytes.size() + item_cost_bytes;
        held_bytes_ -= what.data.bytes.size();
        --held_pieces_;
        // What had to wait for room arrives now; what is only served late arrived when due.
        auto const arrival = s.blocked ? now : what.due;
        // Waiting for room is the receiver's doing.
        if (s.spec.meter && what.due > what.data.arrived && !what.end)
            s.spec.meter->added_delay.add(what.due - what.data.arrived);
        deliver(index + 1, std::move(what), arrival);
        moved = true;
    }
    s.blocked = false;
    return moved;
}

std::size_t pipeline::advance(time_point now)
{
    moves_left_ = moves_max;
    for (bool moved = true; moved && moves_left_ > 0;) {
        moved = false;
        for (auto index = stages_.size(); index-- > 0;) {
            moved |= move_due(index, now);
            moved |= fire_alarm(*stages_[index], now);
        }
    }
    drop_finished_stages();
    return moves_max - moves_left_;
}

time_point pipeline::next_due() const
{
    auto next = never;
    for (std::size_t index = 0; index < stages_.size(); ++index) {
        auto const& s = *stages_[index];
        next = std::min(next, s.alarm);
        if (!s.queue.empty() && (s.queue.front().end || room_after(index)))
            next = std::min(next, s.queue.front().due);
    }
    return next;
}

std::string_view pipeline::front() const
{
    return output_.empty() ? std::string_view{} : output_.front().view();
}

void pipeline::consume(std::size_t count)
{
    output_bytes_ -= count;
    held_bytes_ -= count;
    auto& first = output_.front();
    first.remove_prefix(count);
    if (first.empty()) {
        output_.pop_front();
        --held_pieces_;
    }
}

slice pipeline::take()
{
    auto taken = std::move(output_.front());
    output_.pop_front();
    output_bytes_ -= taken.size();
    held_bytes_ -= taken.size();
    --held_pieces_;
    return taken;
}

std::optional<ending> pipeline::ended() const
{
    return output_.empty() ? end_ : std::nullopt;
}

std::size_t pipeline::held_cost_bytes() const
{
    return held_bytes_ + held_pieces_ * item_cost_bytes;
}

bool pipeline::busy() const
{
    return std::ranges::any_of(stages_, [this](auto const& s) {
        return s->alarm != never || (output_.empty() && !s->queue.empty());
    });
}

bool pipeline::idle() const
{
    return stages_.empty() && output_.empty();
}

}  // namespace aconite
