#pragma once

#include <aconite/time.hpp>

#include <chrono>

namespace aconite {

/// What a calendar says for times of the steady clock. It looks at both clocks once, so that the
/// same moment has the same name each time it is told, even if somebody sets the clock meanwhile.
class wall_clock {
public:
    using wall_time = std::chrono::system_clock::time_point;

    [[nodiscard]] wall_time at(time_point when) const
    {
        return wall_zero_ + std::chrono::duration_cast<wall_time::duration>(when - steady_zero_);
    }

private:
    wall_time wall_zero_ = std::chrono::system_clock::now();
    time_point steady_zero_ = std::chrono::steady_clock::now();
};

}  // namespace aconite
