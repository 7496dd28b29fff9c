#include "clients/experiment/show/verdict_text.hpp"

#include "clients/experiment/report/figures.hpp"
#include "clients/experiment/report/verdict.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace aconite::experiment {
namespace {

constexpr std::size_t cell_max = 60;
constexpr std::size_t columns = 4;
constexpr std::size_t line_max = 100;
using row = std::array<std::string, columns>;

/// Letters, not bytes.
std::size_t width_of(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string cell(std::string text)
{
    text = printable(text);
    if (width_of(text) <= cell_max)
        return text;
    std::size_t bytes = 0;
    for (std::size_t letters = 0; letters < cell_max - 3; ++letters)
        do
            ++bytes;
        while (bytes < text.size() && (text[bytes] & 0xC0) == 0x80);
    return text.substr(0, bytes) + "...";
}

std::string table_text(std::vector<row> const& rows)
{
    std::array<std::size_t, columns> widths{};
    for (auto const& each : rows)
        for (std::size_t i = 0; i < columns; ++i)
            widths[i] = std::max(widths[i], width_of(each[i]));
    std::string text;
    for (auto const& each : rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < columns; ++i)
            line += " " + each[i] + std::string(widths[i] - width_of(each[i]) + 1, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

/// `  label: text` in lines of words; nothing for an empty text.
std::string paragraph(std::string_view label, std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    auto lines = fmt::format("  {}:", label);
    auto width = width_of(lines);
    bool any = false;
    while (!text.empty()) {
        text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
        auto const word = printable(text.substr(0, text.find_first_of(blanks)));
        text.remove_prefix(std::min(text.find_first_of(blanks), text.size()));
        if (word.empty())
            continue;
        any = true;
        bool const fits = width + 1 + width_of(word) <= line_max;
        lines += (fits ? " " : "\n    ") + word;
        width = (fits ? width + 1 : 4) + width_of(word);
    }
    return any ? lines + "\n" : std::string();
}

std::string result_of(json const& check)
{
    auto const state = text_of(check, "state");
    auto const at = number_of(check, "at_s");
    if (state == "passed" && at && number_of(check, "within_s"))
        return fmt::format("held at {:.1f} s", *at);
    return state == "passed" ? "held" : state == "failed" ? "DID NOT HOLD" : "not known";
}

}  // namespace

std::string verdict_text(json const& report, std::string_view folder)
{
    auto const verdict = verdict_of(report);
    auto text = fmt::format("\n{}: {}\n", printable(text_of(report, "name")), verdict.word) +
                paragraph("hypothesis", text_of(report, "hypothesis")) +
                paragraph("what was seen", verdict.sentence);
    std::vector<row> rows;
    std::size_t steady = 0;
    for (auto const& each : list_of(report, "checks")) {
        auto const stage = text_of(each, "stage");
        // That the steady state held is worth a line only where it did not.
        if (stage != "validation" && text_of(each, "state") == "passed") {
            ++steady;
            continue;
        }
        auto const actual = text_of(each, "actual");
        rows.push_back(
            {cell(stage == "validation" ? text_of(each, "name")
                                        : fmt::format("{} ({})", text_of(each, "name"), stage)),
             cell(text_of(each, "expected")), cell(actual.empty() ? text_of(each, "text") : actual),
             result_of(each)});
    }
    if (!rows.empty()) {
        rows.insert(rows.begin(), {"check", "expected", "seen", "result"});
        text += "\n" + table_text(rows);
        if (steady > 0)
            text += fmt::format("  and the steady state, before and after: {} held\n",
                                counted(steady, "check", "checks"));
    }
    for (auto const& each : list_of(report, "codes"))
        text += fmt::format("  {}: {}\n", printable(text_of(each, "code")),
                            printable(text_of(each, "text")));
    auto const told = paragraph("what it means", text_of(report, "learning")) +
                      paragraph("what to do", text_of(report, "improvement"));
    if (!told.empty() && has_proved(report))
        text += "\n" + told;
    return text + fmt::format("\n  report: {}/report.html\n", folder);
}

}  // namespace aconite::experiment
