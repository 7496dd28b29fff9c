#pragma once

#include <aconite/time.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace aconite {

/// How much may be read of a stream whose only toxic limits its rate: such a stream needs no queue
/// and can still be spliced. Being late does not add up. Pure arithmetic; time is a parameter,
/// which never goes back.
class pacer {
public:
    /// Whether it can keep this rate: a byte at least in each turn, and no overflow.
    static constexpr bool keeps(std::uint64_t bytes_per_second)
    {
        return bytes_per_second >= 1'000 && bytes_per_second <= 100'000'000'000;
    }

    /// A rate that it `keeps`.
    explicit pacer(std::uint64_t bytes_per_second) : rate_(bytes_per_second) {}

    /// The source has nothing now. A pause earns no credit.
    void pause() { paused_ = true; }

    /// How many bytes may be read at `now`: what the rate allows since the last of them, 50 ms
    /// worth at most and, so that reads are not small, nothing below 1 ms worth.
    std::size_t allowance(time_point now)
    {
        if (std::exchange(paused_, false))
            through_ = std::max(through_, now);
        through_ = std::max(through_, now - credit_max);
        if (now < next())
            return 0;
        auto const ns = std::chrono::nanoseconds(now - through_).count();
        return static_cast<std::uint64_t>(ns) * rate_ / second_ns;
    }

    /// `bytes` were read, no more than 10^7.
    void spend(std::size_t bytes)
    {
        auto const ns = (bytes * second_ns + rate_ / 2) / rate_;
        through_ += std::chrono::nanoseconds(ns);
    }

    /// From when on something may be read.
    [[nodiscard]] time_point next() const { return through_ + turn; }

private:
    static constexpr std::uint64_t second_ns = 1'000'000'000;
    static constexpr duration credit_max = std::chrono::milliseconds(50);
    static constexpr duration turn = std::chrono::milliseconds(1);

    std::uint64_t rate_;
    time_point through_{};  ///< when all that was read is through, at this rate
    bool paused_ = true;
};

}  // namespace aconite
