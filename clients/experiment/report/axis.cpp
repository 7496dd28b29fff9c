#include "clients/experiment/report/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace aconite::experiment {
namespace {

/// Nothing runs for longer, and everything can be computed with up to here.
constexpr double time_max = 1e9;
constexpr double value_max = 1e300;
constexpr std::size_t ticks_max = 12;
constexpr double points_per_unit = 2;

class extent {
public:
    void add(std::optional<double> time)
    {
        if (!time || std::abs(*time) > time_max)
            return;
        low_ = any_ ? std::min(low_, *time) : *time;
        high_ = any_ ? std::max(high_, *time) : *time;
        any_ = true;
    }
    void add_span(json const& of)
    {
        add(number_of(of, "begin_s"));
        add(number_of(of, "end_s"));
    }
    void add_series(json const& of)
    {
        for (auto const& each : list_of(object_of(of, "series"), "t_s"))
            add(number_value(each));
    }
    [[nodiscard]] double low() const { return low_; }
    [[nodiscard]] double high() const { return high_; }

private:
    bool any_ = false;
    double low_ = 0;
    double high_ = 0;
};

double tick_step(double length)
{
    constexpr double steps[] = {1,   2,   5,    10,   15,   30,    60,    120,
                                300, 600, 1800, 3600, 7200, 21600, 43200, 86400};
    if (length < 5)
        return std::pow(10, std::floor(std::log10(length))) / 5;
    for (auto const each : steps)
        if (length / each <= ticks_max - 2)
            return each;
    return length / (ticks_max / 2.0);
}

std::string tick_label(double at, double step)
{
    if (step >= 3600)
        return fmt::format("{:.4g} h", at / 3600);
    if (step >= 60)
        return fmt::format("{:.4g} min", at / 60);
    return fmt::format("{:.6g} s", at + 0.0);
}

/// One row of values without a gap.
struct stretch {
    std::vector<std::pair<double, double>> points;  ///< of the picture
};

std::vector<stretch> stretches_of(series const& of, time_axis const& across, value_axis const& up)
{
    std::vector<stretch> all;
    bool open = false;
    // Of the points in one column only the first, lowest, highest and last can be seen.
    auto const limit = static_cast<std::size_t>(across.width * points_per_unit);
    auto const every = std::max<std::size_t>(1, of.values.size() / std::max<std::size_t>(limit, 1));
    for (std::size_t i = 0; i < of.values.size(); i += every) {
        auto const end = std::min(i + every, of.values.size());
        std::optional<std::size_t> low;
        std::optional<std::size_t> high;
        for (auto k = i; k < end; ++k)
            if (of.values[k]) {
                low = !low || *of.values[k] < *of.values[*low] ? k : *low;
                high = !high || *of.values[k] > *of.values[*high] ? k : *high;
            }
        if (!low) {
            open = false;
            continue;
        }
        if (!open)
            all.emplace_back();
        open = true;
        auto const add = [&](std::size_t k) {
            all.back().points.emplace_back(across.x(of.times[k]), up.y(*of.values[k]));
        };
        add(std::min(*low, *high));
        if (*low != *high)
            add(std::max(*low, *high));
    }
    return all;
}

std::string points_path(stretch const& of, bool steps)
{
    std::string d;
    for (std::size_t i = 0; i < of.points.size(); ++i) {
        auto const [x, y] = of.points[i];
        if (i == 0)
            d += fmt::format("M{:.1f} {:.1f}", x, y);
        else if (steps)
            d += fmt::format("H{:.1f}V{:.1f}", x, y);
        else
            d += fmt::format("L{:.1f} {:.1f}", x, y);
    }
    // A point alone would not be seen.
    if (of.points.size() == 1)
        d += "h3";
    return d;
}

}  // namespace

double time_axis::x(double seconds) const
{
    return left + width * (std::clamp(seconds, from, to) - from) / (to - from);
}

double value_axis::y(double value) const
{
    auto const held = std::clamp(value, low, high);
    auto const share = logarithmic
                           ? (std::log(held) - std::log(low)) / (std::log(high) - std::log(low))
                           : (held - low) / (high - low);
    return top + height * (1 - share);
}

time_axis axis_of(json const& report)
{
    extent all;
    for (auto const* name : {"phases", "actions"})
        for (auto const& each : list_of(report, name))
            all.add_span(each);
    for (auto const* name : {"load", "probes"})
        for (auto const& each : list_of(report, name))
            all.add_series(each);
    for (auto const& each : list_of(report, "checks"))
        all.add(number_of(each, "at_s"));
    return {all.low(), all.high(), 0, 0};
}

std::vector<tick> ticks_of(time_axis const& axis)
{
    std::vector<tick> all;
    if (axis.is_empty())
        return all;
    auto const step = tick_step(axis.to - axis.from);
    auto at = std::ceil(axis.from / step) * step;
    for (; at <= axis.to && all.size() < ticks_max; at += step)
        all.push_back({at, tick_label(at, step)});
    return all;
}

series series_of(json const& from, std::string_view times, std::string_view values)
{
    series made;
    auto const& when = list_of(from, times);
    auto const& what = list_of(from, values);
    for (std::size_t i = 0; i < std::min(when.size(), what.size()); ++i) {
        auto const time = number_value(when[i]);
        if (!time || std::abs(*time) > time_max)
            continue;
        auto value = number_value(what[i]);
        if (value && std::abs(*value) > value_max)
            value.reset();
        made.times.push_back(*time);
        made.values.push_back(value);
    }
    return made;
}

std::string line_path(series const& of, time_axis const& across, value_axis const& up, bool steps)
{
    std::string d;
    for (auto const& each : stretches_of(of, across, up))
        d += points_path(each, steps);
    return d;
}

std::string area_path(series const& of, time_axis const& across, value_axis const& up)
{
    std::string d;
    for (auto const& each : stretches_of(of, across, up))
        d += points_path(each, false) +
             fmt::format("V{:.1f}H{:.1f}Z", up.top + up.height, each.points.front().first);
    return d;
}

}  // namespace aconite::experiment
