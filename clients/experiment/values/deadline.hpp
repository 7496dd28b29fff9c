#pragma once

#include <aconite/time.hpp>

#include <algorithm>
#include <chrono>

namespace aconite::experiment {

/// When something has to be over, counted from when this was made. A value.
class deadline {
public:
    explicit deadline(std::chrono::milliseconds limit)
        : limit_(std::max(limit, std::chrono::milliseconds(0))),
          at_(later(time_point::clock::now(), limit_))
    {}

    [[nodiscard]] time_point at() const { return at_; }
    /// What it was made with; not negative.
    [[nodiscard]] std::chrono::milliseconds limit() const { return limit_; }
    [[nodiscard]] bool passed() const { return time_point::clock::now() >= at_; }
    /// Rounded up, so that who waits as long finds it passed; zero once it has.
    [[nodiscard]] std::chrono::milliseconds left() const
    {
        auto const rest = at_ - time_point::clock::now();
        return std::max(std::chrono::ceil<std::chrono::milliseconds>(rest),
                        std::chrono::milliseconds(0));
    }
    /// The same as poll(2) and its like want it.
    [[nodiscard]] int left_ms() const
    {
        return static_cast<int>(std::min<std::chrono::milliseconds::rep>(left().count(), 1 << 30));
    }

private:
    std::chrono::milliseconds limit_;
    time_point at_;
};

}  // namespace aconite::experiment
