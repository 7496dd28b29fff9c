// restore, report and diff: what looks back.

#include "clients/experiment/report/diff.hpp"
#include "clients/experiment/report/folder.hpp"
#include "clients/experiment/report/html.hpp"
#include "clients/experiment/report/junit.hpp"
#include "clients/experiment/report/markdown.hpp"
#include "clients/experiment/run/undo_log.hpp"
#include "clients/experiment/show/serve.hpp"
#include "clients/experiment/show/verdict_text.hpp"
#include "clients/experiment/verbs/other_verbs.hpp"
#include "clients/experiment/verbs/verbs.hpp"

#include <CLI/App.hpp>

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <cstdio>

namespace aconite::experiment {
namespace {

void print(std::string const& text)
{
    std::fputs(text.c_str(), stdout);
}

int cannot_do(std::string const& text)
{
    std::fprintf(stderr, "aconite: %s\n", text.c_str());
    return status_could_not_run;
}

/// Of a folder of reports the newest, which stands last by name and time.
result<json> newest_report(std::filesystem::path const& where)
{
    std::error_code none;
    if (!std::filesystem::is_directory(where, none) ||
        std::filesystem::exists(where / "report.json", none))
        return read_report(where);
    std::filesystem::path newest;
    std::filesystem::file_time_type when{};
    for (auto const& entry : std::filesystem::directory_iterator(where, none)) {
        auto const file = entry.path() / "report.json";
        auto const written = std::filesystem::last_write_time(file, none);
        if (!none && (newest.empty() || written > when)) {
            newest = entry.path();
            when = written;
        }
        none.clear();
    }
    if (newest.empty())
        return problem{0, fmt::format("{}: there is no report in it", where.string())};
    return read_report(newest);
}

}  // namespace

int restore_left(restore_command const& asked)
{
    auto const folder = asked.state.empty() ? state_folder() : std::filesystem::path(asked.state);
    int status = status_held;
    auto const all = restore_all(folder, asked.only_look);
    for (auto const& each : all) {
        if (each.running)
            print(fmt::format("{}: runs, left alone\n", each.run));
        else
            print(fmt::format("{}: {} {}\n", each.run, each.undone,
                              asked.only_look ? "to undo" : "undone"));
        for (auto const& fault : each.problems) {
            std::fprintf(stderr, "aconite: %s: %s\n", each.run.c_str(), printable(fault).c_str());
            status = status_not_held;
        }
    }
    if (all.empty())
        print(fmt::format("nothing is left in {}\n", folder.string()));
    return status;
}

void add_report_options(CLI::App& verb, report_command& into)
{
    verb.add_option("where", into.where, "a report's folder, or one of many: the newest")
        ->type_name("")
        ->capture_default_str();
    verb.add_option("-f,--format", into.format, "text, md, html, junit or json")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "md", "html", "junit", "json"}))
        ->capture_default_str();
    verb.add_flag("--serve", into.serve, "show all of that folder to browsers of this machine");
    into.port = report_port;
    verb.add_option("--port", into.port, "of --serve")->type_name("PORT")->capture_default_str();
}

int show_report(report_command const& asked)
{
    if (asked.serve) {
        auto const served = serve_reports(asked.where, asked.port, [](std::string const& address) {
            std::printf("%s\n", address.c_str());
            std::fflush(stdout);
        });
        return served ? status_held : cannot_do(served.error().text);
    }
    auto const report = newest_report(asked.where);
    if (!report)
        return cannot_do(report.error().text);
    print(asked.format == "md"      ? markdown_of(*report)
          : asked.format == "html"  ? html_of(*report)
          : asked.format == "junit" ? junit_of(*report)
          : asked.format == "json"  ? report_text(*report)
                                    : verdict_text(*report, asked.where));
    return status_held;
}

void add_diff_options(CLI::App& verb, diff_command& into)
{
    verb.add_option("before", into.before, "a report's folder or file")->type_name("")->required();
    verb.add_option("after", into.after, "the other one")->type_name("")->required();
    verb.add_flag("--json", into.as_json, "print JSON, for scripts");
}

int show_diff(diff_command const& asked)
{
    auto const before = read_report(asked.before);
    if (!before)
        return cannot_do(before.error().text);
    auto const after = read_report(asked.after);
    if (!after)
        return cannot_do(after.error().text);
    auto const diff = diff_of(*before, *after);
    print(asked.as_json ? diff.dump(2) + "\n" : diff_text(diff));
    return diff.value("same", false) ? status_held : status_not_held;
}

}  // namespace aconite::experiment
