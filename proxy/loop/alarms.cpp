#include "proxy/loop/alarms.hpp"

#include <algorithm>
#include <utility>

namespace aconite {

alarm::~alarm()
{
    if (queue_ != nullptr)
        queue_->remove(*this);
}

void alarms::set(alarm& a, time_point at)
{
    if (at == never || a.firing_)
        remove(a);
    if (at == never)
        return;
    if (a.queue_ == nullptr) {
        a.queue_ = this;
        a.at_ = at;
        heap_.push_back(&a);
        put(heap_.size() - 1, &a);
        up(a.slot_);
        return;
    }
    auto const before = std::exchange(a.at_, at);
    if (at < before)
        up(a.slot_);
    else
        down(a.slot_);
}

void alarms::fire(time_point now)
{
    // Taken out first: an alarm that sets itself again waits for the next call.
    while (next() <= now) {
        auto* const a = heap_.front();
        remove(*a);
        a->queue_ = this;  // still ours: its destructor must find it in due_
        a->slot_ = due_.size();
        a->firing_ = true;
        due_.push_back(a);
    }
    for (std::size_t i = 0; i < due_.size(); ++i) {
        auto* const a = due_[i];
        if (a == nullptr)
            continue;
        a->queue_ = nullptr;
        a->firing_ = false;
        a->on_alarm(now);
    }
    due_.clear();
}

void alarms::remove(alarm& a)
{
    if (a.queue_ == nullptr)
        return;
    a.queue_ = nullptr;
    auto const slot = a.slot_;
    if (std::exchange(a.firing_, false)) {
        due_[slot] = nullptr;
        return;
    }
    auto* const last = heap_.back();
    heap_.pop_back();
    if (last == &a)
        return;
    put(slot, last);
    up(slot);
    down(last->slot_);
}

void alarms::put(std::size_t slot, alarm* a)
{
    heap_[slot] = a;
    a->slot_ = slot;
}

void alarms::up(std::size_t slot)
{
    auto* const a = heap_[slot];
    while (slot > 0 && a->at_ < heap_[(slot - 1) / 2]->at_) {
        put(slot, heap_[(slot - 1) / 2]);
        slot = (slot - 1) / 2;
    }
    put(slot, a);
}

void alarms::down(std::size_t slot)
{
    auto* const a = heap_[slot];
    for (;;) {
        auto child = 2 * slot + 1;
        if (child >= heap_.size())
            break;
        if (child + 1 < heap_.size() && heap_[child + 1]->at_ < heap_[child]->at_)
            ++child;
        if (heap_[child]->at_ >= a->at_)
            break;
        put(slot, heap_[child]);
        slot = child;
    }
    put(slot, a);
}

}  // namespace aconite
