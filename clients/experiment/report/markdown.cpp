#include "clients/experiment/report/markdown.hpp"

#include "clients/experiment/report/document.hpp"
#include "clients/experiment/report/escape.hpp"

namespace aconite::experiment {
namespace {

std::string markdown_cell(cell const& one)
{
    switch (one.how) {
    case tone::code:
        return markdown_code(one.text);
    case tone::strong:
    case tone::bad: {
        auto const text = markdown_text(one.text);
        return text.empty() ? text : "**" + text + "**";
    }
    default:
        return markdown_text(one.text);
    }
}

void append_table(std::string& to, table const& rows)
{
    if (rows.rows.empty())
        return;
    for (auto const& each : rows.columns)
        to.append("| ").append(markdown_text(each.name)).append(each.name.empty() ? "" : " ");
    to += "|\n";
    for (auto const& each : rows.columns)
        to += each.number ? "|---:" : "|---";
    to += "|\n";
    for (auto const& row : rows.rows) {
        for (auto const& each : row)
            to.append("| ").append(markdown_cell(each)).append(" ");
        to += "|\n";
    }
    to += "\n";
}

}  // namespace

std::string markdown_of(json const& report)
{
    auto const whole = document_of(report);
    auto text = "# " + markdown_text(whole.title) + "\n\n**" + whole.verdict.word +
                "**: " + markdown_text(whole.verdict.sentence) + "\n\n";
    for (auto const& part : whole.sections) {
        if (part.id != "about")
            text += "## " + markdown_text(part.title) + "\n\n";
        if (!part.text.empty())
            text += markdown_paragraphs(part.text) + "\n\n";
        append_table(text, part.rows);
        if (!part.block.empty())
            text += markdown_block(part.block) + "\n";
    }
    while (text.ends_with("\n\n"))
        text.pop_back();
    return text;
}

}  // namespace aconite::experiment
