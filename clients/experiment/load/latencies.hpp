#pragma once

#include <aconite/time.hpp>

#include <cstdint>
#include <vector>

namespace aconite::experiment {

/// Times counted by size, each within 1.6 % of what it was: 64 steps for each doubling, as
/// HdrHistogram has (Gil Tene). Small while it has seen few different sizes. A value.
class latencies {
public:
    void add(duration time);
    latencies& operator+=(latencies const& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// The time that a share of all, from 0 to 1, do not exceed: the upper end of its step. Zero if
    /// there are none.
    [[nodiscard]] duration at(double share) const;
    [[nodiscard]] duration longest() const { return longest_; }

private:
    struct step {
        std::uint32_t number;
        std::uint64_t count;
    };

    /// Adds to a step that stands at or behind `from`; where that is.
    std::size_t count(std::size_t from, std::uint32_t number, std::uint64_t by);

    std::vector<step> steps_;  ///< those that have any, by number
    std::uint64_t count_ = 0;
    duration longest_{};
};

}  // namespace aconite::experiment
