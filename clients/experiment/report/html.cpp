#include "clients/experiment/report/html.hpp"

#include "clients/experiment/report/assets.hpp"
#include "clients/experiment/report/document.hpp"
#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/picture.hpp"

#include <fmt/format.h>

namespace aconite::experiment {
namespace {

/// Whatever might slip through: nothing from elsewhere, nothing sent anywhere.
constexpr auto html_policy = "default-src 'none'; style-src 'unsafe-inline'; "
                             "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

std::string_view asset_text(std::string_view name)
{
    for (auto const& each : assets())
        if (each.name == name)
            return each.text;
    return {};
}

std::string_view tone_style(tone how)
{
    switch (how) {
    case tone::strong:
        return "strong";
    case tone::code:
        return "code";
    case tone::good:
        return "good";
    case tone::bad:
        return "bad";
    case tone::unsure:
        return "unsure";
    case tone::soft:
        return "soft";
    case tone::plain:
        break;
    }
    return "";
}

std::string inline_text(std::string_view text)
{
    return markup_text(one_line(text));
}

/// Paragraphs, as blank lines part them; the line ends within them stay.
std::string html_paragraphs(std::string_view text)
{
    std::string out;
    std::string paragraph;
    auto const close = [&] {
        if (!paragraph.empty())
            out += "<p>" + paragraph + "</p>\n";
        paragraph.clear();
    };
    auto const lines = several_lines(text);
    for (std::size_t begin = 0; begin < lines.size();) {
        auto const end = lines.find('\n', begin);
        auto const line = std::string_view(lines).substr(begin, end - begin);
        if (line.find_first_not_of(' ') == std::string_view::npos)
            close();
        else
            paragraph.append(paragraph.empty() ? "" : "<br>").append(markup_text(line));
        begin = end + 1;
    }
    close();
    return out;
}

std::string html_cell(cell const& one, column const& in)
{
    auto text = inline_text(one.text);
    if (one.how == tone::code)
        text = "<code>" + text + "</code>";
    auto style = std::string(tone_style(one.how));
    if (in.number)
        style += style.empty() ? "number" : " number";
    return fmt::format("<td class=\"{}\" data-heading=\"{}\">{}</td>", style, inline_text(in.name),
                       text);
}

std::string html_table(table const& rows, std::string_view id)
{
    if (rows.rows.empty())
        return "";
    auto out = fmt::format("<div class=\"scroll\"><table class=\"{}\">\n", id);
    if (id != "about") {
        out += "<thead><tr>";
        for (auto const& each : rows.columns)
            out += fmt::format("<th{}>{}</th>", each.number ? " class=\"number\"" : "",
                               inline_text(each.name));
        out += "</tr></thead>\n";
    }
    out += "<tbody>\n";
    for (auto const& row : rows.rows) {
        out += "<tr>";
        for (std::size_t i = 0; i < row.size() && i < rows.columns.size(); ++i)
            out += html_cell(row[i], rows.columns[i]);
        out += "</tr>\n";
    }
    return out + "</tbody></table></div>\n";
}

std::string html_section(section const& part)
{
    auto const inside =
        html_paragraphs(part.text) + html_table(part.rows, part.id) +
        (part.block.empty() ? "" : "<pre>" + markup_text(several_lines(part.block)) + "</pre>\n");
    auto out = fmt::format("<section id=\"{}\">\n", part.id);
    if (part.folded)
        out += "<details><summary>" + inline_text(part.title) + "</summary>\n" + inside +
               "</details>\n";
    else if (part.id == "about")
        out += inside;
    else
        out += "<h2>" + inline_text(part.title) + "</h2>\n" + inside;
    return out + "</section>\n";
}

std::string html_picture(picture const& drawn)
{
    if (drawn.svg.empty())
        return "";
    return "<section id=\"picture\">\n<h2>What happened</h2>\n<figure>\n" + drawn.svg +
           "<figcaption>Shaded: a fault was in force. Times are from the begin of the first phase."
           "</figcaption>\n</figure>\n</section>\n";
}

}  // namespace

std::string html_head(std::string_view title)
{
    return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>{}</title>\n<style>\n{}</style>\n</head>\n",
                       html_policy, inline_text(title), asset_text("report.css"));
}

std::string html_of(json const& report)
{
    auto const whole = document_of(report);
    auto const drawn = picture_of(report);
    auto out = html_head(whole.title + ": " + whole.verdict.word);
    out += fmt::format("<body>\n<header class=\"{}\">\n<h1>{}</h1>\n<p class=\"verdict\">{}</p>\n"
                       "<p class=\"sentence\">{}</p>\n</header>\n<main>\n",
                       tone_style(whole.verdict.how), inline_text(whole.title),
                       inline_text(whole.verdict.word), inline_text(whole.verdict.sentence));
    bool pictured = false;
    for (auto const& part : whole.sections) {
        bool const first_tables = part.id == "about" || part.id == "codes" || part.id == "results";
        if (!first_tables && !std::exchange(pictured, true))
            out += html_picture(drawn);
        out += html_section(part);
    }
    if (!pictured)
        out += html_picture(drawn);
    out += "</main>\n";
    if (!drawn.svg.empty())
        out += "<script type=\"application/json\" id=\"data\">" + api::write_text(drawn.data) +
               "</script>\n<script>\n" + std::string(asset_text("report.js")) + "</script>\n";
    return out + "</body>\n</html>\n";
}

}  // namespace aconite::experiment
