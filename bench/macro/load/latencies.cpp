#include "bench/macro/load/latencies.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>

namespace load {
namespace {

template <class... Values>
std::string formatted(char const* format, Values... values)
{
    char text[64];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

}  // namespace

void latencies::add(std::uint64_t nanoseconds)
{
    int const shift = std::max(0, static_cast<int>(std::bit_width(nanoseconds)) - class_bits - 1);
    auto const place = (static_cast<std::uint64_t>(shift) << class_bits) + (nanoseconds >> shift);
    ++classes_[place];
    ++count_;
    max_ = std::max(max_, nanoseconds);
}

double latencies::quantile_us(double share) const
{
    auto const wanted = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    for (std::uint64_t place = 0; place < classes_.size(); ++place) {
        seen += classes_[place];
        if (seen < wanted)
            continue;
        auto const shift = place < (2u << class_bits) ? 0 : (place >> class_bits) - 1;
        auto const low = (place - (shift << class_bits)) << shift;
        auto const middle = static_cast<double>(low) + static_cast<double>(1ull << shift) / 2;
        return std::min(middle, static_cast<double>(max_)) / 1e3;
    }
    return 0;
}

double latencies::max_us() const
{
    return static_cast<double>(max_) / 1e3;
}

std::string latencies::json() const
{
    std::string text;
    for (auto const& [name, share] : {std::pair("p50_us", 0.5), std::pair("p90_us", 0.9),
                                      std::pair("p99_us", 0.99), std::pair("p999_us", 0.999)})
        text += formatted("\"%s\": %.3f, ", name, quantile_us(share));
    text += formatted("\"max_us\": %.3f, \"distribution\": [", max_us());
    for (int percent = 1; percent < 100; ++percent)
        text += formatted("[%.3f, %.3f], ", percent / 100.0, quantile_us(percent / 100.0));
    text += formatted("[0.995, %.3f], [0.999, %.3f]]", quantile_us(0.995), quantile_us(0.999));
    return text;
}

}  // namespace load
