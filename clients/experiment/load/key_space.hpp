#pragma once

#include <cstdint>
#include <vector>

namespace aconite::experiment {

/// Which key a request is about: a number from 0 to below `size`, drawn from the seed. Not changed
/// once made: any thread.
class key_space {
public:
    static constexpr std::uint64_t size_max = 1'000'000;

    /// `size` from 1 to `size_max`. With `zipf` key k is drawn 1/(k + 1) as often as key 0, as
    /// words of a text are; else each is as likely as another.
    key_space(std::uint64_t seed, std::uint64_t size, bool zipf);

    [[nodiscard]] std::uint64_t key(std::uint64_t number) const;

private:
    std::uint64_t seed_;
    std::uint64_t size_;
    std::vector<double> up_to_;  ///< share of the keys up to each; empty if all are as likely
};

}  // namespace aconite::experiment
