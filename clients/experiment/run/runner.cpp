#include "clients/experiment/run/runner.hpp"

#include "clients/experiment/run/kinds.hpp"
#include "clients/experiment/run/moment.hpp"
#include "clients/experiment/run/play.hpp"
#include "clients/experiment/run/report_json.hpp"
#include "clients/experiment/run/scene.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace aconite::experiment {
namespace {

surroundings surroundings_of(experiment_spec const& what, run_options const& how)
{
    surroundings where{.folder = how.file.parent_path(), .targets = what.targets};
    if (where.folder.empty())
        where.folder = ".";
    where.seed = how.seed;
    where.output = how.output;
    for (auto const& [name, url] : what.servers) {
        auto config = how.server;
        config.url = url;
        where.servers[name] = config;
        if (name == what.servers.front().first)
            where.servers[""] = config;
    }
    // Without a need for a server there may be none.
    if (what.servers.empty() && needs_server(what))
        where.servers[""] = how.server;
    auto const* host = std::getenv("DOCKER_HOST");
    std::string_view const docker = host != nullptr ? host : "";
    constexpr std::string_view unix_scheme = "unix://";
    where.docker_socket = docker.starts_with(unix_scheme)
                              ? std::string(docker.substr(unix_scheme.size()))
                              : "/var/run/docker.sock";
    return where;
}

}  // namespace

run_result run_experiment(experiment_spec const& what, run_options const& how, progress& told,
                          stop_signal& stop)
{
    run_record record{.what = what, .how = how, .began = std::chrono::system_clock::now()};
    auto where = surroundings_of(what, how);
    told.update([&](progress_view& view) {
        view = {.experiment = what.name, .stage = "beginning", .phases = what.phases.size()};
    });
    {
        scene stage(what, how, where, told);
        auto begun = stage.begin();
        std::vector<bool> held_in_control;
        if (begun && how.control) {
            told.tell(event::level::info, "first all of it without faults, for comparison");
            play control(what, how, stage, told, stop, play::faults::left_out);
            begun = control.run();
            held_in_control = control.held();
        }
        if (begun) {
            play real(what, how, stage, told, stop, play::faults::done);
            begun = real.run();
            real.note_control(held_in_control);
            record.played = real.outcome();
        }
        if (!begun)
            record.error = begun.error().text;
        told.update([](progress_view& view) {
            view.stage = "restoring";
            view.stage_end = never;
        });
        record.servers = stage.describe_servers();
        record.journal = stage.journal();
        for (auto const& fault : stage.end()) {
            told.tell(event::level::error, fmt::format("could not be undone: {}", fault.text));
            record.error =
                fmt::format("not all could be undone, see `aconite restore`: {}", fault.text);
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
