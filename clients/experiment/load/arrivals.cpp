#include "clients/experiment/load/arrivals.hpp"

#include "clients/experiment/load/drawn.hpp"

#include <cmath>

namespace aconite::experiment {

arrivals::arrivals(time_point start, double rate, bool poisson, std::uint64_t seed)
    : start_(start), rate_(rate), poisson_(poisson), seed_(seed), next_{0, start}
{}

void arrivals::take()
{
    gaps_ += poisson_ ? -std::log1p(-drawn_share(seed_, draw_for::arrival, next_.number)) : 1;
    ++next_.number;
    // From the start, not from the one before: fractions of a nanosecond do not add up.
    auto const since = std::chrono::duration<double, std::nano>(gaps_ / rate_ * 1e9);
    next_.due = start_ + std::chrono::duration_cast<duration>(since);
}

}  // namespace aconite::experiment
