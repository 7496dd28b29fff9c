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
        if (auto const went = control.run(); !went)
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

}  // namespace

run_result run_experiment(experiment_spec const& what, run_options const& how, progress& told,
                          stop_signal& stop)
{
    run_record record{.what = what, .how = how, .began = std::chrono::system_clock::now()};
    auto where = surroundings_of(what, how);
    where.stopped = [&stop] { return stop.asked(); };
    told.update([&](progress_view& view) {
        view = {.experiment = what.name, .stage = "beginning", .phases = what.phases.size()};
    });
    {
        scene stage(what, how, where, told);
        auto const went = play_all(record, stage, told, stop);
        // What a signal has cut short has not failed.
        if (!went && stop.asked())
            told.tell(event::level::warning, went.error().text);
        else if (!went)
            record.error = went.error().text;
        told.update([](progress_view& view) {
            view.stage = "restoring";
            view.stage_end = never;
        });
        record.servers = stage.describe_servers();
        record.journal = stage.journal();
        auto const first = record.error.empty() ? record.error : record.error + "; ";
        for (auto const& fault : stage.end()) {
            told.tell(event::level::error, fmt::format("could not be undone: {}", fault.text));
            record.error = fmt::format("{}not all could be undone, see `aconite restore`: {}",
                                       first, fault.text);
        }
    }
    if (stop.asked() && record.error.empty())
        record.error = "stopped by a signal; all was undone";
    record.ended = std::chrono::system_clock::now();
    record.events = told.events();
    if (record.error.empty())
        record.is = decide(record.played.checks, record.played.gaps);
    return {record.is, report_of(record), record.journal};
}

}  // namespace aconite::experiment
