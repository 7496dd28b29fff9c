#include "clients/experiment/verbs/report_verbs.hpp"

#include "clients/experiment/report/diff.hpp"
#include "clients/experiment/report/folder.hpp"
#include "clients/experiment/report/html.hpp"
#include "clients/experiment/report/junit.hpp"
#include "clients/experiment/report/markdown.hpp"
#include "clients/experiment/report/summary.hpp"
#include "clients/experiment/show/serve.hpp"
#include "clients/experiment/verbs/verbs.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cstdio>
#include <span>
#include <string>
#include <vector>

namespace aconite::experiment {
namespace {

constexpr auto reports_folder = "aconite-reports";

int complain(problem const& why, int exit_status)
{
    std::fprintf(stderr, "aconite: %s\n", why.text.c_str());
    return exit_status;
}

int put(std::string const& text, std::string const& output)
{
    if (output.empty()) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return std::fflush(stdout) == 0 ? status_held : status_could_not_run;
    }
    auto const written = write_whole(output, text);
    return written ? status_held : complain(written.error(), status_could_not_run);
}

/// One report in full; of several a table of all but for JUnit, which has room for them.
std::string rendered(std::span<json const> reports, json const& rows, std::string const& format)
{
    if (format == "junit")
        return junit_of(reports);
    if (reports.size() == 1)
        return format == "html"   ? html_of(reports[0])
               : format == "json" ? report_text(reports[0])
               : format == "text" ? summary_text(summary_of(rows))
                                  : markdown_of(reports[0]);
    auto const summary = summary_of(rows);
    return format == "json"   ? report_text(summary)
           : format == "text" ? summary_text(summary)
                              : summary_markdown(summary);
}

}  // namespace

struct report_verbs::asked {
    CLI::App* report = nullptr;
    CLI::App* diff = nullptr;
    std::vector<std::string> paths{};
    std::string format = "markdown";
    std::string output{};
    bool serve = false;
    std::uint16_t port = report_port;
    std::string before{};
    std::string after{};
    bool as_json = false;

    [[nodiscard]] int serve_folder() const
    {
        auto const folder = paths.empty() ? std::string(reports_folder) : paths.front();
        auto const done = serve_reports(folder, port, [](std::string const& address) {
            std::printf("reports at %s\n", address.c_str());
            std::fflush(stdout);
        });
        return done ? status_held : complain(done.error(), status_could_not_run);
    }

    [[nodiscard]] int show() const
    {
        if (paths.empty())
            return complain({0, "report: name a report's folder, or --serve"}, status_inconclusive);
        if (format == "html" && paths.size() > 1)
            return complain({0, "report: --format html takes one report"}, status_inconclusive);
        std::vector<json> reports;
        json rows = json::array();
        for (auto const& each : paths) {
            auto read = read_report(each);
            if (!read)
                return complain(read.error(), status_not_held);
            rows.push_back(summary_row(*read, each));
            reports.push_back(*std::move(read));
        }
        return put(rendered(reports, rows, format), output);
    }

    [[nodiscard]] int compare() const
    {
        auto const first = read_report(before);
        if (!first)
            return complain(first.error(), status_inconclusive);
        auto const second = read_report(after);
        if (!second)
            return complain(second.error(), status_inconclusive);
        auto const found = diff_of(*first, *second);
        auto const shown_as = put(as_json ? report_text(found) : diff_text(found), "");
        return shown_as != status_held ? shown_as
               : found["same"] == true ? status_held
                                       : status_not_held;
    }
};

report_verbs::report_verbs(CLI::App& root) : asked_(std::make_unique<asked>())
{
    auto& to = *asked_;
    to.report = root.add_subcommand("report", "show a report again, or past runs in a browser");
    to.report->set_help_flag("-h,--help", "show this help");
    to.report->add_option("path", to.paths, "folders of reports; of several a table is shown");
    to.report->add_option("--format", to.format, "markdown, html, junit, json, text")
        ->check(CLI::IsMember({"markdown", "html", "junit", "json", "text"}));
    to.report->add_option("--output", to.output, "a file instead of standard output");
    to.report->add_flag("--serve", to.serve,
                        "list the runs below a folder (aconite-reports) on 127.0.0.1");
    to.report->add_option("--port", to.port, "where --serve listens; 0: any port that is free")
        ->capture_default_str();
    to.diff = root.add_subcommand("diff", "what differs between two reports");
    to.diff->set_help_flag("-h,--help", "show this help");
    to.diff->add_option("before", to.before, "a report's folder")->required();
    to.diff->add_option("after", to.after, "another one's")->required();
    to.diff->add_flag("--json", to.as_json, "as JSON");
}

report_verbs::~report_verbs() = default;

std::optional<int> report_verbs::run() const
{
    if (asked_->report->parsed())
        return asked_->serve ? asked_->serve_folder() : asked_->show();
    if (asked_->diff->parsed())
        return asked_->compare();
    return std::nullopt;
}

}  // namespace aconite::experiment
