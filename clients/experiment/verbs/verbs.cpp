#include "clients/experiment/verbs/verbs.hpp"

#include "clients/experiment/values/units.hpp"
#include "clients/experiment/verbs/other_verbs.hpp"
#include "clients/experiment/verbs/report_verbs.hpp"
#include "clients/experiment/verbs/run_verb.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>

namespace aconite::experiment {
namespace {

constexpr double time_scale_least = 0.001;
constexpr double time_scale_most = 1000;

/// What the verbs' options are read into.
struct typed {
    run_command run{};
    std::vector<std::string> with{};
    std::vector<std::string> set{};
    std::string cool_down{};
    std::string seed{};
    validate_command validate{};
    init_command init{};
    restore_command restore{};
};

void takes_files(CLI::App& verb, typed& into)
{
    verb.add_option("files", into.run.files, "files of experiments, or folders with them")
        ->type_name("")
        ->required();
    verb.add_option("--with", into.with,
                    "a file that adds what an experiment's own lacks: targets, probes, load")
        ->type_name("FILE")
        ->allow_extra_args(false);
    verb.add_option("--set", into.set, "what ${NAME} in a file stands for")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    verb.add_option("--map", into.run.beside.map, "the proxy in front of a target")
        ->type_name("TARGET=PROXY")
        ->allow_extra_args(false);
}

/// Each verb has one of its own: CLI11 writes an environment variable into those of verbs that were
/// not typed too.
void takes_server(CLI::App& verb, client::server_config& into)
{
    verb.add_option("--server", into.url, "the aconite server, if a file names none")
        ->type_name("URL")
        ->envname("TOXIPROXY_URL")
        ->capture_default_str();
    verb.add_flag(
        "--insecure", [&](std::int64_t) { into.verify_certificate = false; },
        "take any certificate of a server at https://");
}

void add_run(CLI::App& root, typed& into)
{
    auto* run = root.add_subcommand("run", "run experiments: a fault, what was expected, a report");
    takes_files(*run, into);
    takes_server(*run, into.run.server);
    auto& asked = into.run;
    run->add_option("-o,--output", asked.output, "the folder of all reports")
        ->type_name("DIR")
        ->capture_default_str();
    run->add_option("--seed", into.seed, "key of all random decisions, instead of the file's")
        ->type_name("NUMBER");
    run->add_option("--time-scale", asked.time_scale,
                    fmt::format("multiply the durations of phases and faults, never `within`; "
                                "{} to {}",
                                time_scale_least, time_scale_most))
        ->type_name("FACTOR");
    run->add_flag("--control", asked.control, "first all of it without faults, for comparison");
    run->add_option("--repeat", asked.repeat, "run each so often and tell whether they agree")
        ->type_name("N")
        ->check(CLI::Range(1, 10'000));
    run->add_option("--cool-down", into.cool_down, "pause between two, instead of the files'")
        ->type_name("TIME");
    run->add_flag("--dry-run", asked.dry_run, "only tell what would be done, when, to whom");
    run->add_flag("--json", asked.as_json, "print the summary as JSON, and nothing else");
    run->add_flag("--plain", asked.plain, "lines instead of the live view");
    run->add_option("--state", asked.state, "the folder of what `aconite restore` would undo")
        ->type_name("DIR");
    run->add_option("--push-otlp", asked.push_otlp, "send the numbers to an OTLP/HTTP collector")
        ->type_name("URL");
    run->add_option("--push-prometheus", asked.push_prometheus,
                    "send them to a Prometheus Pushgateway")
        ->type_name("URL");
    run->footer(
        "Status: 0 what was expected held, 1 it did not, 2 the run proved nothing, 3 it could\n"
        "not run. All that was done is undone, whatever happens; should this program be killed,\n"
        "by `aconite restore`. The file's format: docs/experiments.md.\n"
        "Example: aconite run examples/experiments/lost-event.yaml");
}

/// What CLI11 cannot read by itself. A text if it makes no sense.
std::string finish(typed& into)
{
    auto& asked = into.run;
    for (auto const& each : into.with)
        asked.beside.with.emplace_back(each);
    for (auto const& each : into.set) {
        auto const equals = each.find('=');
        if (equals == each.npos || equals == 0)
            return "--set: '" + each + "' is not NAME=VALUE";
        asked.beside.set[each.substr(0, equals)] = each.substr(equals + 1);
    }
    if (!(asked.time_scale >= time_scale_least && asked.time_scale <= time_scale_most))
        return fmt::format("--time-scale: a factor from {} to {}",  // which `nan` is not
                           time_scale_least, time_scale_most);
    if (!into.cool_down.empty()) {
        asked.cool_down = read_duration(into.cool_down);
        if (!asked.cool_down)
            return fmt::format("--cool-down: '{}' is no time, such as 500ms, 10s or 2m ({})",
                               into.cool_down, time_unit_names);
    }
    if (!into.seed.empty()) {
        std::uint64_t seed = 0;
        auto const* end = into.seed.data() + into.seed.size();
        auto const read = std::from_chars(into.seed.data(), end, seed);
        if (read.ec != std::errc() || read.ptr != end)
            return "--seed: '" + into.seed + "' is no whole number of 64 bits";
        asked.seed = seed;
    }
    into.validate.files = asked.files;
    into.validate.beside = asked.beside;
    into.restore.state = asked.state;
    return {};
}

std::string line_of(std::vector<std::string> const& arguments)
{
    std::string line = "aconite";
    for (auto const& each : arguments) {
        bool const plain =
            !each.empty() && each.find_first_of(" \t\n'\"$&|;()<>*?{}[]\\") == each.npos;
        line += plain ? " " + each : " '" + each + "'";
    }
    return line;
}

/// A verb's status, unless what it said could not be written; to whom does not want to hear it all
/// nothing is lost.
int told_all(int status)
{
    bool const failed = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
    pollfd reader{STDOUT_FILENO, 0, 0};
    bool const is_gone = failed && poll(&reader, 1, 0) > 0 && (reader.revents & POLLERR) != 0;
    if (!failed || is_gone)
        return status;
    std::fputs("aconite: standard output: not all could be written\n", stderr);
    return status_could_not_run;
}

int run_one_of(std::vector<std::string> const& arguments)
{
    typed into;
    into.run.typed = line_of(arguments);
    CLI::App root("Experiments: a fault, what was expected, a report.", "aconite");
    root.set_help_flag("-h,--help", "show this help");
    root.require_subcommand(1);
    add_run(root, into);
    auto* validate = root.add_subcommand("validate", "check files of experiments without a server");
    takes_files(*validate, into);
    validate->get_option("files")->required(false);
    validate->add_flag("--schema", into.validate.schema, "print the JSON Schema of such files");
    auto* init = root.add_subcommand(
        "init", "write a first experiment for a server, or from a compose file");
    add_init_options(*init, into.init);
    takes_server(*init, into.init.server);
    auto* restore =
        root.add_subcommand("restore", "undo what an experiment that was killed has left");
    restore->add_option("--state", into.run.state, "the folder given to run")->type_name("DIR");
    restore->add_flag("--dry-run", into.restore.only_look, "only tell what there is to undo");
    report_verbs const reports(root);
    for (auto* verb : root.get_subcommands({}))
        verb->set_help_flag("-h,--help", "show this help");

    // Where 2 is an answer, wrong use is not that answer.
    auto const wrong_use = !arguments.empty() && arguments.front() == "run" ? status_could_not_run
                                                                            : status_inconclusive;
    auto plain = arguments;
    std::ranges::reverse(plain);
    try {
        root.parse(std::move(plain));
    } catch (CLI::CallForHelp const&) {
        std::fputs(root.help().c_str(), stdout);
        return status_held;
    } catch (CLI::ParseError const& error) {
        std::fprintf(stderr, "aconite: %s; see aconite --help\n", error.what());
        return wrong_use;
    }
    if (auto const fault = finish(into); !fault.empty()) {
        std::fprintf(stderr, "aconite: %s\n", fault.c_str());
        return wrong_use;
    }
    std::signal(SIGPIPE, SIG_IGN);  // client libraries may write to a socket that was closed
    if (validate->parsed())
        return validate_files(into.validate);
    if (init->parsed())
        return write_first(into.init);
    if (restore->parsed())
        return restore_left(into.restore);
    if (auto const done = reports.run())
        return *done;
    return run_experiments(into.run);
}

}  // namespace

int run_verb(std::vector<std::string> const& arguments)
{
    return told_all(run_one_of(arguments));
}

}  // namespace aconite::experiment
