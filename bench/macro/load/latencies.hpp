// How long requests took.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

using steady = std::chrono::steady_clock;

/// Counts durations in classes at most 1/256 wide, relative to the duration.
class latencies {
public:
    void add(std::uint64_t nanoseconds);

    std::uint64_t count() const { return count_; }
    /// The least duration in microseconds that this share (0 to 1) of all does not exceed.
    double quantile_us(double share) const;
    double max_us() const;

    /// "p50_us": 1.0, ... and the points of the distribution, as members of a JSON object.
    std::string json() const;

private:
    // 256 classes for each power of two from 2^9 up; below that one class is one nanosecond.
    static constexpr int class_bits = 8;
    std::vector<std::uint64_t> classes_ = std::vector<std::uint64_t>(56 << class_bits);
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace load
