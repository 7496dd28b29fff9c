// What was measured: load, recovery, probes.
#include "clients/experiment/report/figures.hpp"
#include "clients/experiment/report/sections.hpp"

#include <fmt/format.h>

#include <cmath>

namespace aconite::experiment {
namespace {

void add_summary(table& to, std::string name, tone how, json const& of)
{
    auto const errors = number_of(of, "errors");
    to.rows.push_back({{std::move(name), how},
                       {figure(number_of(of, "requests"))},
                       {figure(number_of(of, "ok"))},
                       {figure(errors), errors.value_or(0) > 0 ? tone::bad : tone::plain},
                       {share_figure(number_of(of, "error_rate"))},
                       {figure(number_of(of, "rate"))},
                       {milliseconds_figure(number_of(of, "p50_ms"))},
                       {milliseconds_figure(number_of(of, "p95_ms"))},
                       {milliseconds_figure(number_of(of, "p99_ms"))},
                       {milliseconds_figure(number_of(of, "max_ms"))}});
}

std::string errors_text(json const& by_error)
{
    std::string text;
    for (auto const& [name, count] : by_error.items())
        text.append(text.empty() ? "Errors: " : ", ").append(shown(count) + " × " + name);
    return text.empty() ? text : text + ".";
}

section load_section(json const& load, std::size_t ordinal, bool alone)
{
    auto const name = text_of(load, "name");
    auto const kind = text_of(load, "kind");
    auto title = std::string("Load by phase");
    if (!kind.empty() || !name.empty())
        title += ": " + (name.empty() ? kind : kind.empty() ? name : name + " (" + kind + ")");
    section part{alone ? "load" : fmt::format("load-{}", ordinal), title};
    auto const& all = object_of(load, "summary");
    part.rows.columns = {
        {"Phase"},      {"Requests", true}, {"OK", true},  {"Errors", true}, {"Error share", true},
        {"OK/s", true}, {"p50", true},      {"p95", true}, {"p99", true},    {"Longest", true}};
    for (auto const& each : list_of(load, "phases"))
        add_summary(part.rows, shown(each, "phase"), tone::plain, each);
    if (!all.empty())
        add_summary(part.rows, "whole run", tone::strong, all);
    if (auto const& control = object_of(load, "control"); !control.empty())
        add_summary(part.rows, "control", tone::soft, control);
    part.text = errors_text(object_of(all, "by_error"));
    auto const add = [&](std::string const& more) {
        part.text.append(part.text.empty() ? "" : " ").append(more);
    };
    if (auto const status = number_of(load, "exit_status"))
        add("It ended with exit status " + figure(*status) + ".");
    if (auto const fault = text_of(load, "fault"); !fault.empty())
        add("It could not go on: " + fault);
    part.block = text_of(load, "output");
    return part;
}

std::string change_text(json const& probe)
{
    auto const* const first = member_of(probe, "first");
    auto const* const last = member_of(probe, "last");
    if (first == nullptr || last == nullptr || first->is_null() || last->is_null())
        return "-";
    auto const from = number_value(*first);
    auto const to = number_value(*last);
    if (from && to)
        return (*to > *from ? "+" : "") + figure(*to - *from);
    return *first == *last ? "none" : "changed";
}

}  // namespace

std::vector<section> load_sections(json const& report)
{
    std::vector<section> parts;
    auto const& loads = list_of(report, "load");
    for (auto const& each : loads)
        parts.push_back(load_section(each, parts.size() + 1, loads.size() == 1));
    return parts;
}

section recovery_section(json const& report)
{
    section part{"recovery", "Recovery after the faults"};
    part.rows.columns = {{"Target"},
                         {"Fault ended at", true},
                         {"First success after", true},
                         {"Steady successes after", true},
                         {"p95 as before after", true}};
    for (auto const& each : list_of(report, "recovery")) {
        auto const first = number_of(each, "first_success_s");
        part.rows.rows.push_back(
            {{shown(each, "target")},
             {seconds_figure(number_of(each, "fault_end_s"))},
             {first ? seconds_figure(first) : "never", first ? tone::plain : tone::bad},
             {seconds_figure(number_of(each, "row_of_successes_s"))},
             {seconds_figure(number_of(each, "p95_back_s"))}});
    }
    return part;
}

section probes_section(json const& report)
{
    section part{"probes", "Probes"};
    part.rows.columns = {{"Probe"},        {"Looks at"},    {"First", true},   {"Last", true},
                         {"Change", true}, {"Looks", true}, {"Failures", true}};
    for (auto const& each : list_of(report, "probes")) {
        auto const failures = number_of(each, "failures").value_or(0);
        auto about = text_of(each, "kind");
        if (auto const more = text_of(each, "about"); !more.empty())
            about.append(about.empty() ? "" : ": ").append(more);
        auto failed = figure(failures);
        if (auto const why = text_of(each, "last_failure"); !why.empty())
            failed += " (" + why + ")";
        part.rows.rows.push_back({{shown(each, "name"), tone::strong},
                                  {about, tone::soft},
                                  {shown(each, "first")},
                                  {shown(each, "last")},
                                  {change_text(each)},
                                  {shown(each, "looks")},
                                  {failed, failures > 0 ? tone::unsure : tone::plain}});
    }
    return part;
}

}  // namespace aconite::experiment
