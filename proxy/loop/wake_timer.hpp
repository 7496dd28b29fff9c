#pragma once

#include "proxy/loop/pump_set.hpp"

#include <aconite/time.hpp>

namespace aconite {

/// Wakes a pump set at a time, with the precision of the kernel's timers (microseconds, where
/// epoll's own timeout has milliseconds). Says no more than that: who is woken looks at the clock.
///
/// An idle processor takes its time to wake up, 10 to 100 us. How late it was lately is how much
/// earlier the timer is set; who asked then has a short time left, which is waited out awake.
class wake_timer final : public io_handler {
public:
    /// Throws std::system_error.
    wake_timer();

    /// Wakes the set at `at`, or before. Setting an earlier time is a system call, a later one
    /// is not: waking up early is harmless.
    void arm(time_point at);

    /// Whether `at` is so near that sleeping until then would be too late.
    [[nodiscard]] bool too_near_to_sleep(time_point at, time_point now) const
    {
        return at - lead_ <= now;
    }

    void on_io(std::uint32_t events) override;

    [[nodiscard]] int fd() const { return timer_.get(); }

private:
    unique_fd timer_;
    time_point armed_for_ = never;
    duration lead_{};
};

}  // namespace aconite
