#include "clients/experiment/file/reading.hpp"
#include "clients/experiment/values/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 10> load_values = {
    "rate", "requests", "ok", "errors", "error_rate", "p50", "p95", "p99", "max", "seconds"};
constexpr std::array<std::string_view, 7> functions = {"delta",  "at",       "during", "highest",
                                                       "lowest", "recovery", "hits"};
/// What an operand of a metric may be beside.
constexpr std::array<std::string_view, 2> of_baseline = {"baseline", "baseline_rate"};

/// All names that an expression of this experiment may hold.
class known_names {
public:
    explicit known_names(experiment_spec const& of)
    {
        for (auto const& each : of.probes)
            names_.push_back(each.name);
        for (auto const& each : of.loads)
            for (auto const value : load_values) {
                names_.push_back(fmt::format("{}.{}", each.name, value));
                if (each.name != "load")
                    names_.push_back(fmt::format("load.{}.{}", each.name, value));
            }
        for (auto const& each : of.phases)
            phases_.push_back(each.name);
        for (auto const& each : of.targets)
            targets_.push_back(each.first);
        for (auto const& phase : of.phases)  // a proxy or a container may be meant by its name
            for (auto const& action : phase.actions)
                targets_.insert(targets_.end(), action.targets.begin(), action.targets.end());
    }

    [[nodiscard]] bool is_name(std::string_view name) const { return has(names_, name); }
    [[nodiscard]] bool is_phase(std::string_view name) const { return has(phases_, name); }
    [[nodiscard]] bool is_target(std::string_view name) const { return has(targets_, name); }
    [[nodiscard]] std::string guess(std::string_view name) const { return guess_of(names_, name); }
    [[nodiscard]] std::string guess_phase(std::string_view name) const
    {
        return guess_of(phases_, name);
    }

private:
    static bool has(std::vector<std::string> const& all, std::string_view name)
    {
        return std::ranges::find(all, name) != all.end();
    }
    static std::string guess_of(std::vector<std::string> const& all, std::string_view name)
    {
        std::vector<std::string_view> views(all.begin(), all.end());
        return suggestion(name, views);
    }

    std::vector<std::string> names_;
    std::vector<std::string> phases_;
    std::vector<std::string> targets_;
};

void check_expression(expression const& of, place at, known_names const& known, bool is_operand,
                      faults& found)
{
    for (auto const& function : of.functions())
        if (std::ranges::find(functions, function) == functions.end())
            found.add(at, fmt::format("no function is called '{}'{}", function,
                                      suggestion(function, functions)));
    bool const takes_others = !of.functions().empty();
    for (auto const& name : of.names()) {
        if (known.is_name(name) ||
            (is_operand && std::ranges::find(of_baseline, name) != of_baseline.end()))
            continue;
        if (takes_others && (known.is_phase(name) || known.is_target(name)))
            continue;
        found.add(
            at, fmt::format("'{}' is no probe and no value of a load{}", name, known.guess(name)));
    }
}

void check_check(check_spec const& check, known_names const& known, faults& found)
{
    if (check.expect)
        check_expression(*check.expect, check.at, known, false, found);
    else if (!check.metric.empty() && !known.is_name(check.metric))
        found.add(check.at,
                  fmt::format("the metric '{}' is no probe{}: say in `probes`, here or in a "
                              "file given by --with, where it comes from",
                              check.metric, known.guess(check.metric)));
    for (auto const& operand : check.operands)
        check_expression(operand, check.at, known, true, found);
    for (auto const& phase : {check.after_phase, check.during})
        if (!phase.empty() && !known.is_phase(phase))
            found.add(check.at,
                      fmt::format("no phase is called '{}'{}", phase, known.guess_phase(phase)));
}

void check_targets(reading& to)
{
    std::vector<std::string_view> names;
    for (auto const& each : to.into.targets)
        names.push_back(each.first);
    for (auto const& phase : to.into.phases)
        for (auto const& action : phase.actions)
            for (auto const& target : action.targets)
                if (!names.empty() && !to.into.targets.contains(target))
                    to.found.add(action.at, fmt::format("no target is called '{}'{}", target,
                                                        suggestion(target, names)));
}

}  // namespace

void check_names(reading& to)
{
    known_names const known(to.into);
    check_targets(to);
    for (auto const& phase : to.into.phases) {
        if (phase.until)
            check_expression(*phase.until, phase.at, known, false, to.found);
        for (auto const& action : phase.actions)
            if (action.type == "wait" && action.how.has("expect"))
                check_expression(std::get<expression>(expression::parse(action.how.text("expect"))),
                                 action.at, known, false, to.found);
    }
    for (auto const* checks : {&to.into.steady_state, &to.into.validation})
        for (auto const& check : *checks)
            check_check(check, known, to.found);
}

}  // namespace aconite::experiment
