#include "proxy/loop/wake_timer.hpp"

#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace aconite {
namespace {

/// The most that is waited out awake for one deadline.
constexpr duration lead_max = std::chrono::microseconds(100);

}  // namespace

wake_timer::wake_timer() : timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
{
    if (!timer_)
        throw std::system_error(errno, std::generic_category(), "timerfd_create");
}

void wake_timer::arm(time_point at)
{
    using std::chrono::nanoseconds;
    if (at == never)
        return;
    at -= lead_;
    if (at >= armed_for_)
        return;
    armed_for_ = at;
    constexpr nanoseconds::rep second = 1'000'000'000;
    // 0 would disarm it.
    auto const ns = std::max<nanoseconds::rep>(nanoseconds(at.time_since_epoch()).count(), 1);
    itimerspec const when{{}, {ns / second, ns % second}};
    ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
}

/// Edge-triggered: the timer need not be read to go quiet.
void wake_timer::on_io(std::uint32_t)
{
    auto const late = std::chrono::steady_clock::now() - std::exchange(armed_for_, never);
    lead_ += (std::clamp(late, duration::zero(), lead_max) - lead_) / 8;
}

}  // namespace aconite
