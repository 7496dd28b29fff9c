#include "clients/experiment/load/key_space.hpp"

#include "clients/experiment/load/drawn.hpp"

#include <algorithm>

namespace aconite::experiment {

key_space::key_space(std::uint64_t seed, std::uint64_t size, bool zipf)
    : seed_(seed), size_(std::clamp<std::uint64_t>(size, 1, size_max))
{
    if (!zipf)
        return;
    up_to_.reserve(size_);
    double sum = 0;
    for (std::uint64_t key = 0; key < size_; ++key)
        up_to_.push_back(sum += 1 / static_cast<double>(key + 1));
    for (auto& each : up_to_)
        each /= sum;
}

std::uint64_t key_space::key(std::uint64_t number) const
{
    auto const share = drawn_share(seed_, draw_for::key, number);
    auto const drawn =
        up_to_.empty()
            ? static_cast<std::uint64_t>(share * static_cast<double>(size_))
            : static_cast<std::uint64_t>(std::ranges::upper_bound(up_to_, share) - up_to_.begin());
    return std::min(drawn, size_ - 1);
}

}  // namespace aconite::experiment
