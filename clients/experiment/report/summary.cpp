#include "clients/experiment/report/summary.hpp"

#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/figures.hpp"
#include "clients/experiment/report/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace aconite::experiment {
namespace {

/// From the best to the worst: one that did not hold says more than one that proved nothing.
constexpr std::array verdicts_in_order{"held", "inconclusive", "could_not_run", "not_held"};

std::size_t rank_of(std::string_view verdict)
{
    auto const found = std::ranges::find(verdicts_in_order, verdict);
    return found == verdicts_in_order.end()
               ? 2
               : static_cast<std::size_t>(found - verdicts_in_order.begin());
}

std::string codes_text(json const& row)
{
    std::string text;
    for (auto const& each : list_of(row, "codes"))
        text.append(text.empty() ? "" : ", ").append(shown(each));
    return text;
}

struct summary_line {
    std::string name;
    std::string verdict;
    std::string checks;
    std::string took;
    std::string report;
};

std::vector<summary_line> lines_of(json const& summary)
{
    std::vector<summary_line> lines;
    for (auto const& each : list_of(summary, "rows")) {
        auto const codes = codes_text(each);
        lines.push_back(
            {shown(each, "name"),
             verdict_word(text_of(each, "verdict")) + (codes.empty() ? "" : ": " + codes),
             shown(each, "passed") + " of " + shown(each, "checks"),
             seconds_figure(number_of(each, "duration_s")), shown(each, "report")});
    }
    return lines;
}

std::string totals_text(json const& summary)
{
    auto text = fmt::format("{} of {} held", shown(summary, "held"), shown(summary, "experiments"));
    for (auto const* verdict : {"not_held", "inconclusive", "could_not_run"})
        if (auto const count = number_of(summary, verdict).value_or(0); count > 0) {
            auto name = std::string(verdict);
            std::ranges::replace(name, '_', ' ');
            text +=
                fmt::format(", {} {}", figure(count), name == "not held" ? "did not hold" : name);
        }
    return text + fmt::format("; {} in all", seconds_figure(number_of(summary, "duration_s")));
}

/// How many columns of a terminal it takes, as far as characters are one wide.
std::size_t columns_of(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

json summary_row(json const& report, std::string_view where)
{
    auto const checks = checks_of(report);
    json codes = json::array();
    for (auto const& each : list_of(report, "codes"))
        codes.push_back(shown(each, "code"));
    return {{"name", shown(report, "name")},
            {"verdict", text_of(report, "verdict")},
            {"checks", checks.all},
            {"passed", checks.passed},
            {"failed", checks.failed},
            {"duration_s", number_of(report, "duration_s").value_or(0)},
            {"codes", std::move(codes)},
            {"report", where}};
}

json summary_of(json const& rows)
{
    json whole = {{"schema", 1},        {"verdict", "held"}, {"experiments", 0},
                  {"held", 0},          {"not_held", 0},     {"inconclusive", 0},
                  {"could_not_run", 0}, {"duration_s", 0.0}, {"rows", json::array()}};
    std::size_t worst = 0;
    double seconds = 0;
    std::array<std::size_t, verdicts_in_order.size()> counts{};
    if (rows.is_array())
        for (auto const& each : rows) {
            auto const rank = rank_of(text_of(each, "verdict"));
            worst = std::max(worst, rank);
            ++counts[rank];
            seconds += number_of(each, "duration_s").value_or(0);
            whole["rows"].push_back(each);
        }
    for (std::size_t i = 0; i < counts.size(); ++i)
        whole[verdicts_in_order[i]] = counts[i];
    whole["experiments"] = whole["rows"].size();
    whole["verdict"] = verdicts_in_order[worst];
    whole["duration_s"] = seconds;
    return whole;
}

std::string summary_markdown(json const& summary)
{
    std::string text =
        "| Experiment | Verdict | Checks passed | Took | Report |\n|---|---|---|---|---|\n";
    for (auto const& each : lines_of(summary))
        text += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_text(each.name),
                            markdown_text(each.verdict), markdown_text(each.checks),
                            markdown_text(each.took), markdown_code(each.report));
    return text + "\n" + markdown_text(totals_text(summary)) + ".\n";
}

std::string summary_text(json const& summary)
{
    std::vector<std::array<std::string, 5>> rows{
        {"EXPERIMENT", "VERDICT", "CHECKS PASSED", "TOOK", "REPORT"}};
    for (auto const& each : lines_of(summary))
        rows.push_back({one_line(each.name), one_line(each.verdict), one_line(each.checks),
                        one_line(each.took), one_line(each.report)});
    std::array<std::size_t, 5> widths{};
    for (auto const& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns_of(row[i]));
    std::string text;
    for (auto const& row : rows) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i)
            text += row[i] + std::string(widths[i] - columns_of(row[i]) + 2, ' ');
        text += row.back() + "\n";
    }
    return text + one_line(totals_text(summary)) + ".\n";
}

}  // namespace aconite::experiment
