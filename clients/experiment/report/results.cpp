// What was checked, what was done, and what the faults did.
#include "clients/experiment/report/agreement.hpp"
#include "clients/experiment/report/figures.hpp"
#include "clients/experiment/report/sections.hpp"

#include <algorithm>

namespace aconite::experiment {
namespace {

cell state_cell(std::string const& state)
{
    if (state == "passed")
        return {"passed", tone::good};
    return state == "failed" ? cell{"FAILED", tone::bad} : cell{"unknown", tone::unsure};
}

std::string stage_text(std::string const& stage)
{
    return stage == "before"  ? "before the faults"
           : stage == "after" ? "after the faults"
                              : "with the faults";
}

std::string check_note(json const& check)
{
    auto text = text_of(check, "text");
    auto const add = [&](std::string const& more) {
        text.append(text.empty() ? "" : "; ").append(more);
    };
    if (auto const within = number_of(check, "within_s"))
        add("within " + seconds_figure(within));
    if (auto const at = number_of(check, "at_s"))
        add("at " + seconds_figure(at));
    // One that passed needs no control: a check of a phase with a fault could not pass before.
    if (text_of(check, "control") == "not_seen" && text_of(check, "state") != "passed")
        add("never seen to pass without the fault");
    return text;
}

std::string action_title(json const& action)
{
    auto const name = text_of(action, "name");
    auto const type = text_of(action, "type");
    auto const target = text_of(action, "target");
    auto text = type.empty() ? std::string("action") : type;
    if (!target.empty())
        text += " " + target;
    return name.empty() || name == text ? text : name + " (" + text + ")";
}

std::string action_details(json const& action)
{
    auto text = settings_text(object_of(action, "settings"));
    if (auto const error = text_of(action, "error"); !error.empty())
        text.append(text.empty() ? "" : "; ").append("FAULT: ").append(error);
    return text;
}

std::string ended_text(json const& action)
{
    auto const by = text_of(action, "ended_by");
    return by == "duration" ? "its duration was over"
           : by == "phase"  ? "its phase was over"
           : by == "action" ? "another action"
           : by == "end"    ? "the end of the experiment"
           : by == "abort"  ? "the experiment was broken off"
                            : by;
}

std::string span_text(json const& of)
{
    auto const begin = number_of(of, "begin_s");
    auto const end = number_of(of, "end_s");
    if (!begin && !end)
        return "-";
    if (!end || begin == end)
        return "at " + moment_figure(begin ? begin : end);
    return moment_figure(begin) + " to " + moment_figure(end);
}

std::string length_text(json const& of)
{
    auto const begin = number_of(of, "begin_s");
    auto const end = number_of(of, "end_s");
    return begin && end && *end > *begin ? moment_figure(*end - *begin) : "-";
}

void add_action(table& to, json const& action)
{
    bool const fault = !text_of(action, "error").empty();
    to.rows.push_back({{span_text(action)},
                       {length_text(action)},
                       {"- " + action_title(action), fault ? tone::bad : tone::plain},
                       {action_details(action)}});
}

}  // namespace

section results_section(json const& report)
{
    section part{"results", "Results"};
    part.rows.columns = {{"Check"}, {"Expected"}, {"Actual"}, {"Result"}, {"When"}, {"Note"}};
    for (auto const& each : list_of(report, "checks"))
        part.rows.rows.push_back({{shown(each, "name")},
                                  {shown(each, "expected"), tone::code},
                                  {shown(each, "actual"), tone::code},
                                  state_cell(text_of(each, "state")),
                                  {stage_text(text_of(each, "stage")), tone::soft},
                                  {check_note(each)}});
    return part;
}

section timeline_section(json const& report)
{
    section part{"timeline", "Timeline"};
    part.rows.columns = {{"Time"}, {"Length"}, {"What"}, {"Details"}};
    auto const& actions = list_of(report, "actions");
    std::vector<bool> told(actions.size(), false);
    for (auto const& phase : list_of(report, "phases")) {
        auto const name = text_of(phase, "name");
        part.rows.rows.push_back({{span_text(phase)},
                                  {length_text(phase)},
                                  {name.empty() ? "phase" : name, tone::strong},
                                  {text_of(phase, "description")}});
        for (std::size_t i = 0; i < actions.size(); ++i) {
            if (told[i] || text_of(actions[i], "phase") != name)
                continue;
            told[i] = true;
            add_action(part.rows, actions[i]);
        }
    }
    for (std::size_t i = 0; i < actions.size(); ++i)
        if (!told[i])
            add_action(part.rows, actions[i]);
    return part;
}

section faults_section(json const& report)
{
    section part{"faults", "What the faults did"};
    part.rows.columns = {{"Fault"}, {"In force"}, {"Hits", true}, {"Seen"}, {"Ended by"}};
    for (auto const& each : list_of(report, "actions")) {
        auto const hits = number_of(each, "hits");
        auto seen = text_of(each, "evidence");
        if (auto const error = text_of(each, "error"); !error.empty())
            seen.append(seen.empty() ? "" : "; ").append("FAULT: ").append(error);
        part.rows.rows.push_back({{action_title(each)},
                                  {span_text(each)},
                                  {figure(hits), hits == 0.0 ? tone::bad : tone::plain},
                                  {seen},
                                  {ended_text(each), tone::soft}});
    }
    return part;
}

section repeats_section(json const& report)
{
    section part{"repeats", "Repeated runs"};
    auto const& repeats = list_of(report, "repeats");
    if (repeats.empty())
        return part;
    auto const found = agreement_of(repeats);
    part.text = agreement_sentence(found);
    part.rows.columns = {
        {"Number"}, {"Runs", true}, {"Min", true}, {"Median", true}, {"Max", true}};
    for (auto const& each : list_of(found, "numbers"))
        part.rows.rows.push_back({{shown(each, "name")},
                                  {shown(each, "runs")},
                                  {shown(each, "min")},
                                  {shown(each, "median")},
                                  {shown(each, "max")}});
    return part;
}

}  // namespace aconite::experiment
