#include "clients/experiment/run/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t row_length = 10;
constexpr double slower_by = 1.5;
constexpr std::uint64_t least_requests = 5;

time_point p95_back_of(recorder const& load, duration normal, time_point from, time_point until)
{
    auto const bound = std::chrono::duration_cast<duration>(normal * slower_by);
    for (auto begin = from; begin + 1s <= until; begin += recorder::slot_length) {
        auto const second = load.between(begin, begin + 1s);
        if (second.answered.count() >= least_requests && second.answered.at(0.95) <= bound)
            return begin + 1s;
    }
    return never;
}

/// The last request that was recorded cannot be later.
time_point recorded_until(recorder const& load)
{
    return load.origin() + load.span();
}

}  // namespace

std::optional<recovery> recovery_of(observations const& of, std::string_view target)
{
    auto begin = never;
    auto end = time_point::min();
    for (auto const& fault : of.faults())
        if (fault.target == target) {
            begin = std::min(begin, fault.begin);
            end = std::max(end, fault.end);
        }
    auto const loads = of.loads();
    if (begin == never || end == never || loads.empty())
        return std::nullopt;

    auto const phases = of.phases();
    auto const calm = phases.empty() ? begin : phases.front().begin;
    recovery found{std::string(target), end, end, end, end};
    for (auto const& [name, load] : loads) {
        // One that did not notice the fault has nothing to recover from.
        if (load->between(begin, end).errors > 0) {
            found.first_success = std::max(found.first_success, load->first_ok(end));
            found.row_of_successes =
                std::max(found.row_of_successes, load->row_of_ok(end, row_length));
        }
        auto const before = load->between(calm, begin);
        if (before.answered.count() >= least_requests)
            found.p95_back = std::max(found.p95_back, p95_back_of(*load, before.answered.at(0.95),
                                                                  end, recorded_until(*load)));
    }
    return found;
}

std::vector<recovery> recoveries(observations const& of)
{
    std::vector<recovery> all;
    for (auto const& fault : of.faults()) {
        if (std::ranges::find(all, fault.target, &recovery::target) != all.end())
            continue;
        if (auto found = recovery_of(of, fault.target))
            all.push_back(std::move(*found));
    }
    return all;
}

result<value> hits_on(observations const& of, std::string_view target)
{
    std::optional<std::uint64_t> sum;
    for (auto const& fault : of.faults())
        if (fault.target == target && fault.hits)
            sum = sum.value_or(0) + *fault.hits;
    if (!sum)
        return problem{0, fmt::format("nobody counts what faults of {} do", target)};
    return {boost::system::in_place_value, static_cast<double>(*sum)};
}

}  // namespace aconite::experiment
