#pragma once

#include <aconite/problem.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace aconite::cli {

using round_trips = std::vector<std::chrono::nanoseconds>;

/// The smallest value that `percent` (above 0, at most 100) of the values do not exceed; zero
/// if there are none.
std::chrono::nanoseconds percentile(round_trips values, double percent);

/// Sends a message of 64 bytes to 127.0.0.1:`port` and waits for it to come back, over and
/// over for `how_long` over one connection, and says how long each took. A problem if the
/// connection fails, or nothing comes back for five seconds.
result<round_trips> measure_round_trips(std::uint16_t port, std::chrono::milliseconds how_long);

}  // namespace aconite::cli
