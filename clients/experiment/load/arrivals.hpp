#pragma once

#include <aconite/time.hpp>

#include <cstdint>

namespace aconite::experiment {

/// One request: its number, from 0, and when it is to begin.
struct ticket {
    std::uint64_t number = 0;
    time_point due{};
};

/// When requests are due: an even row, or as independent people come (a Poisson process), drawn
/// from the seed. Used by one thread.
class arrivals {
public:
    /// `rate` in requests per second, more than 0. The first is due at `start`.
    arrivals(time_point start, double rate, bool poisson, std::uint64_t seed);

    [[nodiscard]] ticket const& next() const { return next_; }
    /// Goes on to the one behind it.
    void take();

private:
    time_point start_;
    double rate_;
    bool poisson_;
    std::uint64_t seed_;
    double gaps_ = 0;  ///< drawn so far, in mean gaps
    ticket next_;
};

}  // namespace aconite::experiment
