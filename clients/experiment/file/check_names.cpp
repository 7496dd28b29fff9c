#include "clients/experiment/file/reading.hpp"
#include "clients/experiment/values/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 10> load_values = {
    "rate", "requests", "ok", "errors", "error_rate", "p50", "p95", "p99", "max", "seconds"};
/// What an operand of a metric may be beside.
constexpr std::array<std::string_view, 2> of_baseline = {"baseline", "baseline_rate"};

/// What a function's arguments name.
struct known_function {
    std::string_view name;
    named_use::as first;  ///< a metric or a target
    std::size_t least;
    std::size_t most;  ///< the second one is a phase
};
constexpr known_function known_functions[] = {
    {"delta", named_use::as::metric, 1, 2},  {"at", named_use::as::metric, 2, 2},
    {"during", named_use::as::metric, 2, 2}, {"highest", named_use::as::metric, 1, 2},
    {"lowest", named_use::as::metric, 1, 2}, {"recovery", named_use::as::target, 1, 1},
    {"hits", named_use::as::target, 1, 1},
};

std::string guess_of(std::string_view name, std::vector<std::string> const& all)
{
    std::vector<std::string_view> const views(all.begin(), all.end());
    return suggestion(name, views);
}

bool has(std::vector<std::string> const& all, std::string_view name)
{
    return std::ranges::find(all, name) != all.end();
}

/// Looks up what was used, and tells what is not there.
class names_check {
public:
    explicit names_check(reading& to) : found_(to.found), has_load_(!to.into.loads.empty())
    {
        for (auto const& each : to.into.probes)
            values_.push_back(each.name);
        for (auto const& each : to.into.loads)
            for (auto const value : load_values) {
                values_.push_back(fmt::format("{}.{}", each.name, value));
                if (each.name != "load")
                    values_.push_back(fmt::format("load.{}.{}", each.name, value));
            }
        for (auto const& each : to.into.phases)
            phases_.push_back(each.name);
        for (auto const& each : to.into.servers)
            servers_.push_back(each.first);
        // Without any target, names are those of containers that are there, and of proxies if the
        // file lists none of its own.
        any_target_ = to.into.targets.empty();
        any_proxy_ = any_target_ && to.into.proxies.empty();
        for (auto const& each : to.into.targets)
            targets_.push_back(each.first);
        for (auto const& each : to.into.proxies)
            targets_.push_back(each.value("name", ""));
        for (auto const& phase : to.into.phases)
            for (auto const& action : phase.actions)
                aimed_at_.insert(aimed_at_.end(), action.targets.begin(), action.targets.end());
    }

    void check(named_use const& use) const
    {
        switch (use.is) {
        case named_use::as::expression:
        case named_use::as::operand:
            check_expression(*use.of, use.at, use.is == named_use::as::operand);
            break;
        case named_use::as::metric:
            if (!has(values_, use.name))
                found_.add(use.at, fmt::format("the metric '{}' is no probe, here or in a file "
                                               "given by --with{}",
                                               use.name, guess_of(use.name, values_)));
            break;
        case named_use::as::phase:
            check_phase(use.name, use.at);
            break;
        case named_use::as::target:
            if (!any_target_ && !has(targets_, use.name))
                tell_target(use.name, use.at, targets_);
            break;
        case named_use::as::proxy:
            if (!any_proxy_ && !has(targets_, use.name))
                tell_target(use.name, use.at, targets_);
            break;
        case named_use::as::server:
            if (!use.name.empty() && !has(servers_, use.name))
                found_.add(use.at, fmt::format("no server is called '{}'{}", use.name,
                                               guess_of(use.name, servers_)));
            break;
        }
    }

private:
    void check_phase(std::string_view name, place at) const
    {
        if (!has(phases_, name))
            found_.add(at, fmt::format("no phase is called '{}'{}", name, guess_of(name, phases_)));
    }

    void tell_target(std::string_view name, place at, std::vector<std::string> const& all) const
    {
        found_.add(at, fmt::format("no target is called '{}'{}", name, guess_of(name, all)));
    }

    void check_value(std::string_view name, place at) const
    {
        if (has(values_, name))
            return;
        if (name.starts_with("load.") && !has_load_)
            found_.add(at, fmt::format("'{}' is a value of a load, and there is none", name));
        else
            found_.add(at, fmt::format("'{}' is no probe and no value of a load{}", name,
                                       guess_of(name, values_)));
    }

    void check_expression(expression const& of, place at, bool is_operand) const
    {
        for (auto const& name : of.names_outside_calls())
            if (!is_operand || std::ranges::find(of_baseline, name) == of_baseline.end())
                check_value(name, at);
        for (auto const& called : of.calls())
            check_call(called, at);
    }

    void check_call(expression_call const& called, place at) const
    {
        auto const* const known =
            std::ranges::find(known_functions, called.function, &known_function::name);
        if (known == std::end(known_functions)) {
            std::vector<std::string_view> names = {"abs",   "round",   "min",        "max",
                                                   "count", "missing", "duplicates", "unordered"};
            for (auto const& each : known_functions)
                names.push_back(each.name);
            found_.add(at, fmt::format("no function is called '{}'{}", called.function,
                                       suggestion(called.function, names)));
            return;
        }
        auto const count = called.names.size();
        if (count < known->least || count > known->most || has(called.names, "")) {
            found_.add(at,
                       fmt::format("{} takes {}", known->name,
                                   known->first == named_use::as::target ? "a target's name"
                                   : known->least == 2 ? "a probe's name and a phase's"
                                                       : "a probe's name, and maybe a phase's"));
            return;
        }
        auto const& name = called.names.front();
        if (known->first == named_use::as::metric)
            check_value(name, at);
        else if (!has(targets_, name) && !has(aimed_at_, name))
            tell_target(name, at, targets_.empty() ? aimed_at_ : targets_);
        else if (known->name == "recovery" && !has(aimed_at_, name))
            found_.add(at, fmt::format("no action is aimed at '{}', so it has nothing to recover "
                                       "from{}",
                                       name, guess_of(name, aimed_at_)));
        if (count == 2)
            check_phase(called.names[1], at);
    }

    faults& found_;
    bool has_load_;
    bool any_target_ = false;
    bool any_proxy_ = false;
    std::vector<std::string> values_;
    std::vector<std::string> phases_;
    std::vector<std::string> targets_;
    std::vector<std::string> aimed_at_;
    std::vector<std::string> servers_;
};

}  // namespace

void check_names(reading& to)
{
    names_check const names(to);
    for (auto const& use : to.uses)
        names.check(use);
}

}  // namespace aconite::experiment
