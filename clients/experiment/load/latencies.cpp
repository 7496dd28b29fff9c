#include "clients/experiment/load/latencies.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace aconite::experiment {
namespace {

constexpr unsigned step_bits = 6;  // 64 steps for each doubling

std::uint32_t step_of(std::uint64_t time)
{
    auto const wide = static_cast<unsigned>(std::bit_width(time));
    auto const shift = wide > step_bits + 1 ? wide - step_bits - 1 : 0;
    return (shift << step_bits) + static_cast<std::uint32_t>(time >> shift);
}

/// The longest time that is counted in a step.
std::uint64_t end_of(std::uint32_t step)
{
    auto const shift = step < (2U << step_bits) ? 0 : (step >> step_bits) - 1;
    auto const top = std::uint64_t{step} - (shift << step_bits);
    return ((top + 1) << shift) - 1;
}

}  // namespace

std::size_t latencies::count(std::size_t from, std::uint32_t number, std::uint64_t by)
{
    auto const found =
        std::lower_bound(steps_.begin() + static_cast<std::ptrdiff_t>(from), steps_.end(), number,
                         [](step const& each, std::uint32_t than) { return each.number < than; });
    auto const place = static_cast<std::size_t>(found - steps_.begin());
    if (found != steps_.end() && found->number == number)
        found->count += by;
    else
        steps_.insert(found, step{number, by});
    return place;
}

void latencies::add(duration time)
{
    time = std::max(time, duration::zero());
    count(0, step_of(static_cast<std::uint64_t>(time.count())), 1);
    ++count_;
    longest_ = std::max(longest_, time);
}

latencies& latencies::operator+=(latencies const& other)
{
    if (&other == this)
        return *this += latencies(other);
    std::size_t place = 0;
    for (auto const& each : other.steps_)
        place = count(place, each.number, each.count);
    count_ += other.count_;
    longest_ = std::max(longest_, other.longest_);
    return *this;
}

duration latencies::at(double share) const
{
    // 0.99 of 100 are 99, though their product is a little more.
    constexpr double rounding = 1e-6;
    auto const wanted = static_cast<std::uint64_t>(std::ceil(
        std::max(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_) - rounding, 0.0)));
    std::uint64_t seen = 0;
    for (auto const& each : steps_)
        if (seen += each.count; seen >= wanted)
            return std::min(duration(static_cast<duration::rep>(end_of(each.number))), longest_);
    return longest_;
}

}  // namespace aconite::experiment
