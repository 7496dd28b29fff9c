#include "clients/experiment/run/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 12> words = {"gt",         "lt",     "ge",      "le",
                                                    "eq",         "ne",     "between", "increases",
                                                    "decreasing", "stable", "rate_lt", "rate_gt"};

struct point {
    time_point at;
    double is;
};

std::vector<point> points_of(observations const& of, std::string_view metric, time_point from,
                             time_point to)
{
    std::vector<point> found;
    if (auto const before = of.at(metric, from))
        if (auto const number = as_number(*before))
            found.push_back({from, *number});
    for (auto const& each : of.samples(metric, from, to)) {
        auto const number = each.seen ? as_number(*each.seen) : std::nullopt;
        if (number && each.at > from)  // else it is there already
            found.push_back({each.at, *number});
    }
    return found;
}

std::optional<double> rate_of(std::vector<point> const& points)
{
    if (points.size() < 2)
        return std::nullopt;
    auto const seconds =
        std::chrono::duration<double>(points.back().at - points.front().at).count();
    if (seconds <= 0)
        return std::nullopt;
    return (points.back().is - points.front().is) / seconds;
}

trend moved(std::vector<point> const& points, bool up, bool once)
{
    auto const first = points.front().is;
    auto best = first;
    for (auto const& each : points)
        best = up ? std::max(best, each.is) : std::min(best, each.is);
    auto const last = once ? best : points.back().is;
    trend found{.actual = fmt::format("{} to {}", to_text(value(first)), to_text(value(last)))};
    if (!up && first == 0 && last == 0) {
        found.actual = "0 all the time";
        found.holds = true;
        return found;
    }
    found.holds = up ? last > first : last < first;
    return found;
}

trend steady(std::vector<point> const& points, double tolerance)
{
    auto const sum = std::accumulate(points.begin(), points.end(), 0.0,
                                     [](double to, point const& each) { return to + each.is; });
    auto const mean = sum / static_cast<double>(points.size());
    auto const [low, high] = std::ranges::minmax(points, {}, &point::is);
    return {.holds = high.is - low.is <= tolerance * std::abs(mean) + 1e-12,
            .actual = fmt::format("{} to {}", to_text(value(low.is)), to_text(value(high.is)))};
}

}  // namespace

std::string_view word_of(condition what)
{
    return words[static_cast<std::size_t>(what)];
}

bool is_trend(condition what)
{
    return what >= condition::increases;
}

bool compares(condition what, double number, std::vector<double> const& operands)
{
    switch (what) {
    case condition::gt:
        return number > operands[0];
    case condition::lt:
        return number < operands[0];
    case condition::ge:
        return number >= operands[0];
    case condition::le:
        return number <= operands[0];
    case condition::eq:
        return number == operands[0];
    case condition::ne:
        return number != operands[0];
    default:
        return number >= operands[0] && number <= operands[1];
    }
}

trend trend_of(check_spec const& check, observations const& of, time_point from, time_point to)
{
    auto const points = points_of(of, check.metric, from, to);
    if (points.size() < 2)
        return {.why_not_known =
                    fmt::format("{} was seen {} in that time, at least twice is needed",
                                check.metric, points.empty() ? "never" : "once"),
                .too_few = true};
    if (check.condition == condition::increases || check.condition == condition::decreasing)
        return moved(points, check.condition == condition::increases, check.within.has_value());
    if (check.condition == condition::stable)
        return steady(points, check.tolerance);

    auto const rate = rate_of(points);
    moment known(of, from, to);
    add_baseline(known, of, check.metric);
    auto const operand = check.operands.front().evaluate(known);
    auto const bound = operand ? as_number(*operand) : std::nullopt;
    if (!rate || !bound)
        return {.why_not_known = !operand ? operand.error().text : "there is no rate to compare",
                .too_few = !rate};
    return {.holds = check.condition == condition::rate_lt ? *rate < *bound : *rate > *bound,
            .actual = fmt::format("{:.4g}/s, to compare with {:.4g}/s", *rate, *bound)};
}

void add_baseline(moment& to, observations const& of, std::string_view metric)
{
    auto const phases = of.phases();
    if (phases.empty())
        return;
    auto from = phases.front().begin;
    auto until = phases.front().end;
    if (auto const named = of.phase("baseline")) {
        from = named->begin;
        until = named->end;
    } else if (auto const faults = of.faults(); !faults.empty()) {
        until = std::ranges::min(faults, {}, &fault_span::begin).begin;
    }
    auto const points = points_of(of, metric, from, until);
    auto const unknown =
        problem{0, fmt::format("{} was not seen often enough before the fault", metric)};
    auto const rate = rate_of(points);
    auto const sum = std::accumulate(points.begin(), points.end(), 0.0,
                                     [](double add, point const& each) { return add + each.is; });
    to.also("baseline_rate", rate ? result<value>(value(*rate)) : result<value>(unknown));
    to.also("baseline", points.empty()
                            ? result<value>(unknown)
                            : result<value>(value(sum / static_cast<double>(points.size()))));
}

}  // namespace aconite::experiment
