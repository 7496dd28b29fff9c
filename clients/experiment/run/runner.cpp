#include "clients/experiment/run/runner.hpp"

#include "clients/experiment/run/kinds.hpp"
#include "clients/experiment/run/moment.hpp"
#include "clients/experiment/run/play.hpp"
#include "clients/experiment/run/report_json.hpp"
#include "clients/experiment/run/scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <set>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

surroundings surroundings_of(experiment_spec const& what, run_options const& how)
{
    surroundings where{.folder = how.file.parent_path(), .targets = what.targets};
    if (where.folder.empty())
        where.folder = ".";
    where.seed = how.seed;
    where.output = how.output;
    auto const patient = [&](client::server_config config) {
        // One that is silent has ended our lease by then.
        config.answer_timeout = std::min<std::chrono::milliseconds>(config.answer_timeout, 10s);
        return config;
    };
    for (auto const& [name, url] : what.servers) {
        auto config = patient(how.server);
        config.url = url;
        where.servers[name] = config;
        if (name == what.servers.front().first)
            where.servers[""] = config;
    }
    // Without a need for a server there may be none.
    if (what.servers.empty() && needs_server(what))
        where.servers[""] = patient(how.server);
    auto const* host = std::getenv("DOCKER_HOST");
    std::string_view const docker = host != nullptr ? host : "";
    constexpr std::string_view unix_scheme = "unix://";
    where.docker_socket = docker.starts_with(unix_scheme)
                              ? std::string(docker.substr(unix_scheme.size()))
                              : "/var/run/docker.sock";
    return where;
}

/// Both passes. Whatever is thrown here must not keep the caller from undoing what was done.
result<void> play_all(run_record& record, scene& stage, progress& told, stop_signal& stop)
try {
    auto const& what = record.what;
    auto const& how = record.how;
    if (auto const begun = stage.begin(); !begun)
        return begun;
    std::vector<bool> held_in_control;
    if (how.control) {
        told.tell(event::level::info, "first all of it without faults, for comparison");
        play control(what, how, stage, told, stop, play::faults::left_out);
        if (auto const went = control.run(); !went || stop.over())
            return went;
        held_in_control = control.held();
        record.control = control.outcome().loads;
    }
    play real(what, how, stage, told, stop, play::faults::done);
    auto went = real.run();
    real.note_control(held_in_control);
    record.played = real.outcome();
    return went;
} catch (std::exception const& fault) {
    return problem{0, fault.what()};
}

/// Why a run proves nothing whose server is gone; told before all else. What was not judged by then
/// never is.
void note_gone(run_record& record, std::map<std::string, std::string> const& gone)
{
    auto& played = record.played;
    std::vector<proof_gap> first;
    for (auto const& [url, why] : gone)
        first.push_back({"TARGET_GONE", fmt::format("the server at {} is gone: {}", url, why)});
    played.gaps.insert(played.gaps.begin(), first.begin(), first.end());
    bool const judged = std::ranges::any_of(
        played.checks, [](checked const& each) { return each.when == checked::stage::validation; });
    if (judged || !played.seen)
        return;
    for (auto const& each : record.what.validation) {
        auto is = judge(each, *played.seen, {}, record.played.over);
        is.state = check_state::unknown;
        is.text = "the run ended before its time";
        is.too_few = true;
        played.checks.push_back({&each, checked::stage::validation, std::move(is), false});
    }
}

std::set<std::string> urls_of(std::map<std::string, std::string> const& gone)
{
    std::set<std::string> urls;
    for (auto const& [url, why] : gone)
        urls.insert(url);
    return urls;
}

/// Undoes what is left. What a server that is gone has kept from being undone, the log keeps.
void undo_all(run_record& record, scene& stage, progress& told, bool is_stopped)
{
    auto const faults = stage.undo_all();
    if (!faults.empty() && !is_stopped)
        stage.proxies().look_for_gone();
    auto const gone = urls_of(stage.proxies().gone());
    bool const only_there = !is_stopped && !gone.empty() && stage.undo().is_left_only_at(gone);
    auto const first = record.error.empty() ? record.error : record.error + "; ";
    for (auto const& fault : faults) {
        told.tell(event::level::error, fmt::format("could not be undone: {}", fault.text));
        if (!only_there)
            record.error = fmt::format("{}not all could be undone, see `aconite restore`: {}",
                                       first, fault.text);
    }
    if (!faults.empty() && only_there)
        told.tell(event::level::warning, "should it come back with what was done there, `aconite "
                                         "restore` undoes that");
}

}  // namespace

run_result run_experiment(experiment_spec const& what, run_options const& how, progress& told,
                          stop_signal& stop)
{
    run_record record{.what = what, .how = how, .began = std::chrono::system_clock::now()};
    auto where = surroundings_of(what, how);
    where.stopped = [&stop] { return stop.over(); };
    where.hurried = [&stop] { return stop.asked_again(); };
    where.say = [&told](std::string const& text) { told.tell(event::level::warning, text); };
    told.update([&](progress_view& view) {
        view = {.experiment = what.name, .stage = "beginning", .phases = what.phases.size()};
    });
    {
        scene stage(what, how, where, told, stop);
        auto const went = play_all(record, stage, told, stop);
        // What a signal has cut short has not failed, nor what failed since a server is gone.
        if (!went && stage.has_begun() && !stop.asked())
            stage.proxies().look_for_gone();
        if (!went && (stop.asked() || !stage.proxies().gone().empty()))
            told.tell(event::level::warning, went.error().text);
        else if (!went)
            record.error = went.error().text;
        told.update([](progress_view& view) {
            view.stage = "restoring";
            view.stage_end = never;
        });
        record.servers = stage.describe_servers();
        record.journal = stage.journal();
        undo_all(record, stage, told, stop.asked());
        stage.end();
        note_gone(record, stage.proxies().gone());
    }
    stop.begin_anew();
    if (stop.asked() && record.error.empty())
        record.error = "stopped by a signal; all was undone";
    record.ended = std::chrono::system_clock::now();
    record.events = told.events();
    if (record.error.empty())
        record.is = decide(record.played.checks, record.played.gaps);
    return {record.is, report_of(record), record.journal};
}

}  // namespace aconite::experiment
