#pragma once

#include "toxics/line_rate.hpp"

#include <aconite/time.hpp>
#include <aconite/toxic.hpp>

#include <atomic>
#include <memory>

namespace aconite::toxics {

/// The line that all connections of one toxic share: a clock that says until when it is taken.
class shared_line final : public toxic_common {
public:
    /// Idle, the line saves up `credit`: it passes that much time's worth at once.
    explicit shared_line(duration credit) : credit_(credit) {}

    /// Reserves the line for `takes`, behind all that was reserved before, by somebody who is ready
    /// from `from` on. When that is over. Any thread may call it.
    time_point reserve(time_point from, duration takes)
    {
        auto taken = taken_until_.load(std::memory_order_relaxed);
        time_point over;
        do
            over = later(std::max(taken, from - credit_), takes);
        while (!taken_until_.compare_exchange_weak(taken, over, std::memory_order_relaxed));
        return over;
    }

    /// What was reserved last and not used, by somebody who goes away: those who come now stand in
    /// front of it. Any thread.
    void give_back(duration unused)
    {
        auto taken = taken_until_.load(std::memory_order_relaxed);
        while (!taken_until_.compare_exchange_weak(taken, taken - unused,
                                                   std::memory_order_relaxed)) {}
    }

private:
    static_assert(std::atomic<time_point>::is_always_lock_free);

    std::atomic<time_point> taken_until_ = time_point::min();
    duration credit_;
};

/// One connection's way through a `shared_line`, its toxic's `common()`. `rate` is not 0.
std::unique_ptr<toxic> make_shared_bandwidth(line_rate rate);

}  // namespace aconite::toxics
