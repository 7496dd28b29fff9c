#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace aconite::toxics {

/// What follows from a rate of so many KB/s, from 0 to 10^9.
struct line_rate {
    std::int64_t kb;

    /// What passes at a time.
    [[nodiscard]] std::size_t piece_bytes() const { return bytes_in(2); }

    /// What may wait: so much that the line never runs dry while the thread is busy elsewhere.
    [[nodiscard]] std::size_t reserve_bytes() const
    {
        return std::clamp<std::size_t>(bytes_in(50), 64U << 10U, 64U << 20U);
    }

    /// How long `bytes` take, rounded down: 10^12 at most, at a rate that is not 0.
    [[nodiscard]] std::chrono::nanoseconds time_of(std::int64_t bytes) const
    {
        return std::chrono::nanoseconds(bytes * 1'000'000 / kb);
    }

private:
    [[nodiscard]] std::size_t bytes_in(std::size_t ms) const
    {
        return static_cast<std::size_t>(kb) * ms;
    }
};

}  // namespace aconite::toxics
