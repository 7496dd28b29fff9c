#include "clients/experiment/verbs/run_verb.hpp"

#include "clients/experiment/plan/timeline.hpp"
#include "clients/experiment/report/agreement.hpp"
#include "clients/experiment/report/folder.hpp"
#include "clients/experiment/report/push.hpp"
#include "clients/experiment/report/summary.hpp"
#include "clients/experiment/run/runner.hpp"
#include "clients/experiment/run/undo_log.hpp"
#include "clients/experiment/show/live.hpp"
#include "clients/experiment/show/live_file.hpp"
#include "clients/experiment/show/verdict_text.hpp"
#include "clients/experiment/verbs/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <random>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

int status_of(json const& report)
{
    auto const word = report.value("verdict", "could_not_run");
    return word == "held"           ? status_held
           : word == "not_held"     ? status_not_held
           : word == "inconclusive" ? status_inconclusive
                                    : status_could_not_run;
}

/// In the order of summaries: one that did not hold says more than one that proved nothing.
int worse_of(int a, int b)
{
    constexpr std::array from_the_best{status_held, status_inconclusive, status_could_not_run,
                                       status_not_held};
    return std::ranges::find(from_the_best, a) < std::ranges::find(from_the_best, b) ? b : a;
}

/// Whoever reads it by a pipe shall not wait for the last run.
void print_now(std::string const& text)
{
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

void complain(std::string const& text)
{
    std::fprintf(stderr, "aconite run: %s\n", text.c_str());
}

/// One run of one file: its report, in a folder.
struct written {
    json report{};
    std::string folder{};
    std::string fault{};  ///< why not all of it is in the folder
};

class runs {
public:
    explicit runs(run_command const& asked) : asked_(asked) {}

    /// A problem if it could not even begin.
    result<written> one(fs::path const& file, std::uint64_t seed)
    {
        auto const id = new_run_id();
        auto const read = read_file(file, asked_.beside, id);
        for (auto const& fault : read.faults)
            std::fprintf(stderr, "%s\n", fault.c_str());
        if (!read.faults.empty())
            return problem{0, fmt::format("{} cannot run", file.string())};

        run_options how{.file = file,
                        .state = asked_.state.empty() ? state_folder(state_use::written)
                                                      : fs::path(asked_.state),
                        .server = asked_.server,
                        .run = id,
                        .seed = read.spec.seed.value_or(seed),
                        .time_scale = asked_.time_scale,
                        .control = asked_.control,
                        .command = asked_.typed};
        if (asked_.seed)
            how.seed = *asked_.seed;
        std::error_code fault;
        auto const parent = fs::absolute(asked_.output, fault);
        auto const folder = make_report_folder(parent, read.spec.name, started_now());
        if (!folder)
            return folder.error();
        how.output = *folder / "output";
        fs::create_directories(how.output, fault);

        progress told;
        run_result ran;
        {
            live_view const view(told, asked_.as_json || asked_.plain ? live_view::how::lines
                                                                      : live_view::how::best);
            live_file const for_others(told, *folder);
            ran = run_experiment(read.spec, how, told, stop_);
        }
        // A full disk takes the report, and not what was found out.
        std::string lost;
        if (!ran.journal.empty())
            if (auto const kept = write_whole(*folder / "journal.ndjson", ran.journal); !kept)
                lost = kept.error().text;
        if (auto const kept = write_report(*folder, ran.report); !kept)
            lost = kept.error().text;
        push(ran.report);
        return written{std::move(ran.report), shown(*folder), std::move(lost)};
    }

    bool stopped() { return stop_.asked(); }
    /// Whether there was a signal meanwhile.
    bool pause(nanoseconds time)
    {
        return stop_.wait_until(std::chrono::steady_clock::now() +
                                std::chrono::duration_cast<duration>(time));
    }

private:
    static std::string started_now()
    {
        std::time_t const now = std::time(nullptr);
        std::tm utc{};
        gmtime_r(&now, &utc);
        char text[32];
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
        return text;
    }

    static std::string shown(fs::path const& folder)
    {
        std::error_code fault;
        auto const near = fs::relative(folder, fault);
        return fault || near.string().starts_with("..") ? folder.string() : near.string();
    }

    void push(json const& report) const
    {
        if (!asked_.push_otlp.empty())
            if (auto const sent = push_otlp(report, asked_.push_otlp); !sent)
                complain(sent.error().text);
        if (!asked_.push_prometheus.empty())
            if (auto const sent = push_prometheus(report, asked_.push_prometheus); !sent)
                complain(sent.error().text);
    }

    run_command const& asked_;
    stop_signal stop_;
};

int dry_run(std::vector<fs::path> const& files, run_command const& asked)
{
    int status = status_held;
    for (auto const& file : files) {
        auto const read = read_file(file, asked.beside, "RUN");
        for (auto const& fault : read.faults)
            std::fprintf(stderr, "%s\n", fault.c_str());
        if (!read.faults.empty())
            status = status_could_not_run;
        else
            std::fputs(timeline_text(read.spec, asked.time_scale).c_str(), stdout);
    }
    return status;
}

}  // namespace

int run_experiments(run_command const& typed)
{
    auto asked = typed;
    auto const found = experiment_files(asked.files, asked.beside);
    auto const& files = found ? found->files : std::vector<fs::path>{};
    auto fits = found ? read_what_comes_once(files, asked.beside) : found.error();
    if (fits)
        fits = check_map(files, asked.beside);
    if (!fits) {
        complain(fits.error().text);
        return status_could_not_run;
    }
    tell_passed_over(*found, "run");
    if (asked.dry_run)
        return dry_run(files, asked);

    runs all(asked);
    int worst = status_held;
    auto rows = json::array();
    std::random_device random;
    std::size_t begun = 0;
    for (std::size_t i = 0; i < files.size() && !all.stopped(); ++i) {
        auto repeats = json::array();
        std::uint64_t const seed = asked.seed.value_or(random());
        for (int round = 0; round < asked.repeat && !all.stopped(); ++round) {
            ++begun;
            auto const ran = all.one(files[i], seed);
            if (!ran) {
                complain(ran.error().text);
                worst = worse_of(worst, status_could_not_run);
                rows.push_back({{"name", files[i].string()}, {"verdict", "could_not_run"}});
                break;
            }
            worst = worse_of(worst, status_of(ran->report));
            rows.push_back(summary_row(ran->report, ran->folder));
            if (!asked.as_json)
                print_now(verdict_text(ran->report, ran->folder));
            if (!ran->fault.empty()) {
                complain(ran->fault);
                worst = worse_of(worst, status_could_not_run);
            }
            repeats.push_back(repeat_of(ran->report));
        }
        if (asked.repeat > 1 && !asked.as_json)
            std::fputs(agreement_text(agreement_of(repeats)).c_str(), stdout);
        auto const last = i + 1 == files.size();
        if (!last && !all.stopped()) {
            auto const read = read_file(files[i], asked.beside, "RUN");
            if (all.pause(asked.cool_down.value_or(read.spec.cool_down)))
                break;
        }
    }
    if (auto const wanted = files.size() * static_cast<std::size_t>(asked.repeat);
        all.stopped() && begun < wanted) {
        complain(fmt::format("stopped by a signal: {} of {} runs did not begin", wanted - begun,
                             wanted));
        worst = worse_of(worst, status_could_not_run);
    }
    auto const summary = summary_of(rows);
    if (asked.as_json)
        std::fputs((summary.dump(2) + "\n").c_str(), stdout);
    else if (rows.size() > 1)
        std::fputs(summary_text(summary).c_str(), stdout);
    return worst;
}

}  // namespace aconite::experiment
