#include "clients/experiment/run/moment.hpp"

#include "clients/experiment/run/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

double seconds(duration time)
{
    return std::chrono::duration<double>(time).count();
}

std::optional<double> value_of_load(load_summary const& of, std::string_view what)
{
    if (what == "rate")
        return of.rate();
    if (what == "requests")
        return static_cast<double>(of.requests);
    if (what == "ok")
        return static_cast<double>(of.ok);
    if (what == "errors")
        return static_cast<double>(of.errors);
    if (what == "error_rate")
        return of.error_rate();
    if (what == "seconds")
        return of.seconds;
    if (of.answered.count() == 0)
        return std::nullopt;
    if (what == "p50")
        return seconds(of.answered.at(0.5));
    if (what == "p95")
        return seconds(of.answered.at(0.95));
    if (what == "p99")
        return seconds(of.answered.at(0.99));
    if (what == "max")
        return seconds(of.answered.longest());
    return std::nullopt;
}

problem takes(std::string_view function, std::string_view what)
{
    return {0, fmt::format("{} takes {}", function, what)};
}

}  // namespace

result<value> moment::of_name(std::string_view name) const
{
    if (auto const found = also_.find(name); found != also_.end())
        return found->second;
    return name_between(name, from_, at_);
}

result<value> moment::name_between(std::string_view name, time_point from, time_point to) const
{
    constexpr std::string_view any_load = "load.";
    auto const loads = of_.loads();
    if (name.starts_with(any_load) && !loads.contains("load"))
        name.remove_prefix(any_load.size());  // load.NAME.p95
    auto const dot = name.rfind('.');
    if (dot != name.npos)
        if (auto const load = loads.find(name.substr(0, dot)); load != loads.end()) {
            auto const is = value_of_load(load->second->between(from, to), name.substr(dot + 1));
            if (!is)
                return problem{0, fmt::format("{}: nothing was answered", name)};
            return value(*is);
        }
    return of_.at(name, to);
}

result<value> moment::delta(std::string_view name, time_point from, time_point to) const
{
    auto const before = of_.at(name, from);
    if (!before)
        return problem{0, fmt::format("of {} nothing is known from the begin", name)};
    auto const behind = of_.at(name, to);
    if (!behind)
        return behind;
    auto const first = as_number(*before);
    auto const last = as_number(*behind);
    if (!first || !last)
        return problem{0, fmt::format("{} is no number", name)};
    return value(*last - *first);
}

result<value> moment::extreme(std::string_view name, time_point from, time_point to,
                              bool highest) const
{
    std::optional<double> found;
    for (auto const& each : of_.samples(name, from, to)) {
        auto const number = each.seen ? as_number(*each.seen) : std::nullopt;
        if (number)
            found = !found    ? *number
                    : highest ? std::max(*found, *number)
                              : std::min(*found, *number);
    }
    if (!found)
        return problem{0, fmt::format("{} was not seen in that time", name)};
    return value(*found);
}

result<value> moment::of_call(std::string_view function,
                              std::vector<argument> const& arguments) const
{
    if (arguments.empty() || arguments.size() > 2 ||
        std::ranges::any_of(arguments, [](argument const& each) { return each.name.empty(); }))
        return takes(function, "a name, or a name and a phase");
    auto const& name = arguments.front().name;
    if (function == "recovery" || function == "hits") {
        if (arguments.size() != 1)
            return takes(function, "a target");
        if (function == "hits")
            return hits_on(of_, name);
        auto const faults = of_.faults();
        if (std::ranges::all_of(faults, [&](fault_span const& each) { return each.begin >= at_; }))
            return value(0.0);  // there is nothing to recover from
        auto const found = recovery_of(of_, name);
        if (!found)
            return problem{0, fmt::format("no fault was put on {}, or it is not over, or there is "
                                          "no load to tell by",
                                          name)};
        if (found->first_success == never)
            return problem{0, fmt::format("{} did not recover", name)};
        return value(seconds(found->first_success - found->fault_end));
    }

    auto const phases = of_.phases();
    if (phases.empty())
        return problem{0, "no phase has begun"};
    auto from = phases.front().begin;
    auto to = at_;
    if (arguments.size() == 2) {
        auto const phase = of_.phase(arguments[1].name);
        if (!phase)
            return problem{0, fmt::format("the phase {} has not begun", arguments[1].name)};
        from = phase->begin;
        to = std::min(phase->end, at_);
    } else if (function == "at" || function == "during") {
        return takes(function, "a name and a phase");
    }
    if (function == "delta")
        return delta(name, from, to);
    if (function == "at")
        return of_.at(name, to);
    if (function == "during")
        return name_between(name, from, to);
    if (function == "highest" || function == "lowest")
        return extreme(name, from, to, function == "highest");
    return problem{0, fmt::format("no function is called {}", function)};
}

}  // namespace aconite::experiment
