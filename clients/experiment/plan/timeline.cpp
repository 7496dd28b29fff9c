#include "clients/experiment/plan/timeline.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace aconite::experiment {
namespace {

nanoseconds scaled(nanoseconds time, double by)
{
    return nanoseconds(std::llround(static_cast<double>(time.count()) * by));
}

/// A block of text, on one line.
std::string one_line(std::string text)
{
    while (text.ends_with('\n') || text.ends_with(' '))
        text.pop_back();
    return printable(text);
}

std::string aimed_at(std::vector<std::string> const& names, experiment_spec const& of)
{
    std::vector<std::string> shown;
    for (auto const& name : names) {
        auto const found = of.targets.find(name);
        if (found == of.targets.end()) {
            shown.push_back(name);
            continue;
        }
        std::vector<std::string> what;
        if (!found->second.proxy.empty())
            what.push_back("proxy " + found->second.proxy);
        if (!found->second.container.empty())
            what.push_back("container " + found->second.container);
        if (found->second.has_process())
            what.emplace_back("process");
        shown.push_back(what.empty() ? name : fmt::format("{} ({})", name, fmt::join(what, ", ")));
    }
    return fmt::format("{}", fmt::join(shown, ", "));
}

std::string action_line(action_spec const& action, phase_spec const& phase, nanoseconds begin,
                        double by, experiment_spec const& of)
{
    auto const from = begin + scaled(action.offset, by);
    auto const length =
        action.duration ? scaled(*action.duration, by) : scaled(phase.duration - action.offset, by);
    auto const settings = action.how.to_json();
    return fmt::format("  {:>9}  {}{}{}{}\n", to_text(from), action.type,
                       action.targets.empty() ? "" : " " + aimed_at(action.targets, of),
                       settings.empty() ? "" : " " + printable(settings.dump()),
                       action.duration ? ", for " + to_text(length) : "");
}

}  // namespace

std::string timeline_text(experiment_spec const& of, double by)
{
    auto text = fmt::format("{}\n", one_line(of.name));
    if (!of.hypothesis.empty())
        text += fmt::format("  expected: {}\n", one_line(of.hypothesis));
    for (auto const& each : of.steady_state)
        text +=
            fmt::format("  {:>9}  has to hold before and after: {}\n", "", printable(each.name));
    for (auto const& each : of.loads)
        text += fmt::format("  {:>9}  load {}: {} {}\n", "0 s", each.name, each.type,
                            printable(each.how.to_json().dump()));
    nanoseconds begin{};
    for (auto const& phase : of.phases) {
        auto const end = begin + scaled(phase.duration, by);
        text += fmt::format("{:>11}  phase {}, {}{}{}\n", to_text(begin), printable(phase.name),
                            phase.until ? "at most " : "", to_text(end - begin),
                            phase.until ? ", until " + phase.until->text() : "");
        for (auto const& action : phase.actions)
            text += action_line(action, phase, begin, by, of);
        begin = end;
    }
    for (auto const& each : of.validation)
        text += fmt::format("  {:>9}  check {}{}{}\n", "", printable(each.name),
                            each.within ? ", within " + to_text(*each.within) : "",
                            each.after_phase.empty() ? "" : ", after " + each.after_phase);
    return text;
}

}  // namespace aconite::experiment
