#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/run/observations.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

namespace aconite::experiment {

/// What a run has seen, told by its seconds.
class observed {
public:
    static time_point at(double seconds)
    {
        return time_point{} + std::chrono::hours(1) +
               std::chrono::milliseconds(std::llround(seconds * 1000));
    }

    observed& saw(std::string const& probe, double second, value is)
    {
        of.add(probe, {at(second), std::move(is), {}});
        return *this;
    }
    observed& saw_nothing(std::string const& probe, double second, std::string why)
    {
        of.add(probe, {at(second), std::nullopt, std::move(why)});
        return *this;
    }
    observed& phase(std::string name, double begin, double end)
    {
        of.begin_phase(std::move(name), at(begin));
        of.end_phase(at(end));
        return *this;
    }
    observed& fault(std::string target, double begin, double end,
                    std::optional<std::uint64_t> hits = std::nullopt)
    {
        of.add_fault({std::move(target), at(begin), at(end), hits});
        return *this;
    }
    /// 100 requests a second that end in [begin, end).
    observed& served(double begin, double end, std::chrono::milliseconds latency)
    {
        for (auto time = at(begin); time < at(end); time += std::chrono::milliseconds(10))
            load.add({time - latency, time - latency, time, true, {}});
        return *this;
    }
    observed& refused(double begin, double end)
    {
        for (auto time = at(begin); time < at(end); time += std::chrono::milliseconds(10))
            load.add({time, time, time, false, "refused"});
        return *this;
    }
    /// Its requests are those of a load of that name.
    observed& with_load(std::string name = "load")
    {
        of.add_load(std::move(name), load);
        return *this;
    }

    observations of;
    recorder load{at(0)};
};

inline expression expression_of(std::string_view text)
{
    auto read = expression::parse(text);
    auto* made = std::get_if<expression>(&read);
    if (made == nullptr)
        throw std::runtime_error(std::get<expression_fault>(read).text);
    return *made;
}

/// `expect: TEXT`.
inline check_spec check_that(std::string_view text)
{
    check_spec check;
    check.name = text;
    check.expect = expression_of(text);
    return check;
}

/// `metric: NAME, condition: IS, value: OPERAND`, the operands more than one for between.
inline check_spec check_of(std::string metric, condition is,
                           std::vector<std::string_view> const& operands = {})
{
    check_spec check;
    check.name = metric;
    check.metric = std::move(metric);
    check.condition = is;
    for (auto const each : operands)
        check.operands.push_back(expression_of(each));
    return check;
}

}  // namespace aconite::experiment
