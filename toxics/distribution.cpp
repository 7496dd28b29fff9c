#include "toxics/distribution.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>
#include <optional>

namespace aconite::toxics {
namespace {

double uniform(double u, double mean, double deviation)
{
    return mean + deviation * (2.0 * u - 1.0);
}

double normal(double u, double mean, double deviation)
{
    return mean + deviation * normal_quantile(u);
}

/// With the shape 3, as netem's table; moved to mean 0 and deviation 1.
double standard_pareto(double u)
{
    constexpr double mean = 1.5;
    constexpr double deviation = std::numbers::sqrt3 / 2.0;
    return (std::pow(1.0 - u, -1.0 / 3.0) - mean) / deviation;
}

double pareto(double u, double mean, double deviation)
{
    return mean + deviation * standard_pareto(u);
}

/// Three parts of pareto and one of normal, both at the same share.
double paretonormal(double u, double mean, double deviation)
{
    return mean + deviation * (0.75 * standard_pareto(u) + 0.25 * normal_quantile(u));
}

/// Of which `mean` and `deviation` are those of the values, not of their logarithms.
double lognormal(double u, double mean, double deviation)
{
    if (mean <= 0)
        return 0;
    auto const spread = std::sqrt(std::log1p(std::pow(deviation / mean, 2)));
    return mean * std::exp(spread * normal_quantile(u) - spread * spread / 2.0);
}

constexpr std::array<quantile, std::size(distribution_names)> quantiles{uniform, normal, pareto,
                                                                        paretonormal, lognormal};

/// The share that a name like `p999` means.
std::optional<double> share_of(std::string_view name)
{
    if (!name.starts_with('p') || name.size() < 2)
        return std::nullopt;
    std::string digits(name.substr(1));
    if (digits.size() > 2 && digits.find('.') == std::string::npos && digits != "100")
        digits.insert(2, ".");
    double percent = 0;
    auto const* end = digits.data() + digits.size();
    auto const read = std::from_chars(digits.data(), end, percent, std::chars_format::fixed);
    if (read.ec != std::errc() || read.ptr != end || !(percent >= 0 && percent <= 100))
        return std::nullopt;
    return percent / 100.0;
}

problem refused(std::string_view called, std::string_view why)
{
    std::string text = "bad request body: attribute '";
    return {400, text.append(called).append("' ").append(why)};
}

}  // namespace

quantile quantile_of(std::string_view name)
{
    auto const found = std::ranges::find(distribution_names, name);
    return quantiles.at(static_cast<std::size_t>(found - std::begin(distribution_names)));
}

double normal_quantile(double u)
{
    constexpr double least = 0x1p-53;
    auto const inside = std::clamp(u, least, 1.0 - least);
    return -std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * inside);
}

double normal_share(double z)
{
    return std::erfc(-z / std::numbers::sqrt2) / 2.0;
}

result<percentiles> percentiles::read(std::string_view called, named_numbers const& numbers)
{
    percentiles made;
    for (auto const& [name, value] : numbers) {
        auto const share = share_of(name);
        if (!share)
            return refused(called, "must have names like p50, p99 or p99.9, not '" +
                                       name.substr(0, 60) + "'");
        made.points_.emplace_back(*share, value);
    }
    std::ranges::sort(made.points_);
    auto const same = [](auto const& a, auto const& b) { return a.first == b.first; };
    if (std::ranges::adjacent_find(made.points_, same) != made.points_.end())
        return refused(called, "must name a percentile only once");
    auto const falls = [](auto const& a, auto const& b) { return a.second > b.second; };
    if (std::ranges::adjacent_find(made.points_, falls) != made.points_.end())
        return refused(called, "must not fall from one percentile to a higher one");
    return made;
}

double percentiles::value(double u) const
{
    std::pair<double, double> low{0, 0};
    for (auto const& high : points_) {
        if (u < high.first)
            return low.second +
                   (high.second - low.second) * (u - low.first) / (high.first - low.first);
        low = high;
    }
    return low.second;
}

}  // namespace aconite::toxics
