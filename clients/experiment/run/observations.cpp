#include "clients/experiment/run/observations.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {

void observations::add(std::string_view probe, sample what)
{
    std::scoped_lock const lock(mutex_);
    auto found = samples_.find(probe);
    if (found == samples_.end())
        found = samples_.emplace(std::string(probe), std::vector<sample>()).first;
    found->second.push_back(std::move(what));
}

void observations::add_load(std::string name, recorder const& by)
{
    std::scoped_lock const lock(mutex_);
    loads_[std::move(name)] = &by;
}

void observations::begin_phase(std::string name, time_point at)
{
    std::scoped_lock const lock(mutex_);
    phases_.push_back({std::move(name), at, never});
}

void observations::end_phase(time_point at)
{
    std::scoped_lock const lock(mutex_);
    if (!phases_.empty() && phases_.back().end == never)
        phases_.back().end = at;
}

void observations::add_fault(fault_span what)
{
    std::scoped_lock const lock(mutex_);
    faults_.push_back(std::move(what));
}

void observations::set_faults(std::vector<fault_span> all)
{
    std::scoped_lock const lock(mutex_);
    faults_ = std::move(all);
}

std::vector<stretch> observations::phases() const
{
    std::scoped_lock const lock(mutex_);
    return phases_;
}

std::optional<stretch> observations::phase(std::string_view name) const
{
    std::scoped_lock const lock(mutex_);
    auto const found = std::ranges::find(phases_, name, &stretch::name);
    return found == phases_.end() ? std::nullopt : std::optional(*found);
}

std::vector<fault_span> observations::faults() const
{
    std::scoped_lock const lock(mutex_);
    return faults_;
}

std::map<std::string, recorder const*, std::less<>> observations::loads() const
{
    std::scoped_lock const lock(mutex_);
    return loads_;
}

std::vector<sample> observations::samples(std::string_view probe) const
{
    return samples(probe, time_point::min(), never);
}

std::vector<sample> observations::samples(std::string_view probe, time_point from,
                                          time_point to) const
{
    std::scoped_lock const lock(mutex_);
    auto const found = samples_.find(probe);
    if (found == samples_.end())
        return {};
    auto const& all = found->second;
    auto const begin = std::ranges::lower_bound(all, from, {}, &sample::at);
    auto const end = std::ranges::upper_bound(all, to, {}, &sample::at);
    return begin < end ? std::vector<sample>(begin, end) : std::vector<sample>();
}

result<value> observations::at(std::string_view probe, time_point when) const
{
    std::scoped_lock const lock(mutex_);
    auto const found = samples_.find(probe);
    if (found == samples_.end() || found->second.empty() || found->second.front().at > when)
        return problem{0, fmt::format("{} was not looked at yet", probe)};
    auto const behind = std::ranges::upper_bound(found->second, when, {}, &sample::at);
    auto const& last = *(behind - 1);
    if (!last.seen)
        return problem{0, fmt::format("{}: {}", probe, last.failure)};
    return *last.seen;
}

std::vector<time_point> observations::times(std::vector<std::string> const& probes, time_point from,
                                            time_point to) const
{
    std::vector<time_point> all;
    for (auto const& probe : probes)
        for (auto const& each : samples(probe, from, to))
            all.push_back(each.at);
    std::ranges::sort(all);
    return all;
}

}  // namespace aconite::experiment
