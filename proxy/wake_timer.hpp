#pragma once

#include "proxy/pump_set.hpp"

#include <aconite/time.hpp>

namespace aconite {

/// Wakes a pump set at a time, with the precision of the kernel's timers (microseconds, where
/// epoll's own timeout has milliseconds). Says no more than that: who is woken looks at the clock.
class wake_timer final : public io_handler {
public:
    /// Throws std::system_error.
    wake_timer();

    /// Wakes the set at `at`, or before. Setting an earlier time is a system call, a later one
    /// is not: waking up early is harmless.
    void arm(time_point at);

    void on_io(std::uint32_t events) override;

    [[nodiscard]] int fd() const { return timer_.get(); }

private:
    unique_fd timer_;
    time_point armed_for_ = never;
};

}  // namespace aconite
