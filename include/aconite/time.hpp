#pragma once

#include <chrono>

namespace aconite {

/// Monotonic time; every deadline in the data path is one of these.
using time_point = std::chrono::steady_clock::time_point;
/// A length of time, in nanoseconds.
using duration = std::chrono::steady_clock::duration;

/// A deadline that never comes.
inline constexpr time_point never = time_point::max();

/// `at + by`, saturating at `never` instead of overflowing. `by` must not be negative.
constexpr time_point later(time_point at, duration by)
{
    return at > never - by ? never : at + by;
}

}  // namespace aconite
