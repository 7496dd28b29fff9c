#include "clients/experiment/show/answers.hpp"

#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/figures.hpp"
#include "clients/experiment/report/html.hpp"
#include "clients/experiment/report/verdict.hpp"

#include "clients/cpp/url.hpp"

#include <fmt/format.h>

namespace aconite::experiment {
namespace {

std::string page_text(std::string_view text)
{
    return markup_text(one_line(text));
}

std::string date_cell(std::string const& started)
{
    return started.size() >= 19 ? started.substr(0, 10) + " " + started.substr(11, 8) : started;
}

std::string run_row(past_run const& run)
{
    auto const where = "/runs/" + client::percent_encoded(run.folder) + "/";
    if (!run.fault.empty())
        return fmt::format("<tr><td data-heading=\"Run\">{}</td><td data-heading=\"Verdict\" "
                           "class=\"unsure\">cannot be read</td>"
                           "<td colspan=\"3\">{}</td></tr>\n",
                           page_text(run.folder), page_text(run.fault));
    auto const how = verdict_tone(run.verdict);
    return fmt::format("<tr><td data-heading=\"Run\"><a href=\"{0}report.html\">{1}</a></td>"
                       "<td data-heading=\"Verdict\" class=\"{2}\">{3}</td>"
                       "<td data-heading=\"When (UTC)\">{4}</td>"
                       "<td data-heading=\"Took\" class=\"number\">{5}</td>"
                       "<td data-heading=\"Files\"><a href=\"{0}report.json\">JSON</a> "
                       "<a href=\"{0}report.md\">Markdown</a> <a href=\"{0}junit.xml\">JUnit</a> "
                       "<a href=\"{0}report.html?download\">save</a></td></tr>\n",
                       where, page_text(run.name),
                       how == tone::good  ? "good"
                       : how == tone::bad ? "bad"
                                          : "unsure",
                       verdict_word(run.verdict), page_text(date_cell(run.started)),
                       page_text(seconds_figure(run.duration_s)));
}

/// Nobody writes that slowly: its program was ended.
constexpr std::int64_t silent_s_max = 15;

std::string live_section(past_run const& run)
{
    auto const about =
        run.silent_s <= silent_s_max
            ? std::string("goes on")
            : fmt::format("was ended {} s ago, without a report: <code>aconite restore</code> "
                          "undoes what it has left",
                          run.silent_s);
    return fmt::format("<section>\n<h2>{} {}</h2>\n<pre>{}</pre>\n</section>\n",
                       page_text(run.folder), about, markup_text(run.live));
}

}  // namespace

std::string runs_page(past_runs const& of, std::span<past_run const> rows)
{
    auto out = html_head("Experiments");
    out +=
        fmt::format("<body>\n<header>\n<h1>Experiments</h1>\n<p class=\"sentence\">{} in {}</p>\n"
                    "</header>\n<main>\n",
                    counted(rows.size(), "run", "runs"), page_text(of.folder().string()));
    while (!rows.empty() && !rows.front().live.empty()) {
        out += live_section(rows.front());
        rows = rows.subspan(1);
    }
    out += "<section>\n";
    if (rows.empty())
        out += "<p>There is no report yet. <code>aconite run FILE</code> makes one.</p>\n";
    else
        out +=
            "<div class=\"scroll\"><table class=\"runs\">\n<thead><tr><th>Run</th><th>Verdict</th>"
            "<th>When (UTC)</th><th class=\"number\">Took</th><th>Files</th></tr></thead>\n"
            "<tbody>\n";
    for (auto const& each : rows)
        out += run_row(each);
    if (!rows.empty())
        out += "</tbody></table></div>\n";
    if (rows.size() == past_runs::listed_max)
        out += fmt::format("<p>Only the newest {} are listed.</p>\n", past_runs::listed_max);
    return out + "</section>\n</main>\n</body>\n</html>\n";
}

}  // namespace aconite::experiment
