#include "clients/experiment/actions/processes.hpp"

#include "clients/experiment/actions/child.hpp"
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/values/units.hpp"

#include <aconite/text.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <system_error>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

/// A name of a target as that of a file.
std::string as_file_name(std::string_view name)
{
    constexpr std::string_view kept =
        "-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string out;
    for (unsigned char const c : name)
        if (kept.find(static_cast<char>(c)) != kept.npos)
            out += static_cast<char>(c);
        else  // so that two names are two files
            out += "." + std::to_string(c);
    return out;
}

fs::path output_of(surroundings const& where)
{
    std::error_code error;
    auto const folder = where.output.empty() ? fs::current_path(error) : where.output;
    return fs::absolute(folder, error);
}

fs::path state_file(target const& of, surroundings const& where)
{
    return output_of(where) / (as_file_name(of.name) + ".process");
}

/// Where paths of the file begin.
fs::path in_folder(fs::path const& path, surroundings const& where)
{
    return path.is_absolute() ? path : where.folder / path;
}

fs::path folder_of(target const& of, surroundings const& where)
{
    return of.process.folder.empty() ? where.folder : in_folder(of.process.folder, where);
}

fs::path log_file(target const& of, surroundings const& where)
{
    return state_file(of, where).replace_extension(".log");
}

/// Whether it lives or not.
std::optional<process_id> noted_in(fs::path const& file)
{
    std::ifstream in(file);
    return in ? process_id_of(json::parse(in, nullptr, false)) : std::nullopt;
}

std::optional<process_id> started_by_file(fs::path const& file)
{
    auto const process = noted_in(file);
    return process && lives(*process) ? process : std::nullopt;
}

problem does_not_run(target const& of, surroundings const& where)
{
    auto text = "target '" + printable(of.name) + "' does not run";
    if (auto const process = noted_in(state_file(of, where))) {
        auto const status = exit_status_of(*process);
        text += ": it ended" + (status ? " with status " + std::to_string(*status) : "") +
                ", what it printed is in " + printable(log_file(of, where).string());
    }
    return {404, std::move(text)};
}

/// Whole or not at all, whenever we are ended.
result<void> write_state(fs::path const& file, process_id const& process)
{
    auto const draft = file.string() + ".new";
    {
        std::ofstream out(draft, std::ios::trunc);
        out << to_json(process).dump() << '\n';
        if (!out.flush())
            return problem{500, printable(draft) + " cannot be written"};
    }
    std::error_code error;
    fs::rename(draft, file, error);
    if (error)
        return problem{500, printable(file.string()) + ": " + error.message()};
    return {};
}

result<process_id> named_process(process_target const& by, surroundings const& where)
{
    if (!by.pid_file.empty())
        return process_by_file(in_folder(by.pid_file, where));
    if (by.port != 0)
        return process_by_port(by.port);
    if (auto const process = process_with(by.pid))
        return *process;
    return problem{404, "there is no process " + std::to_string(by.pid)};
}

result<void> end_recorded_process(json const& record, surroundings const& where)
{
    auto const file = record_text(record, "state_file");
    if (file.empty())
        return problem{400, "an undo record of a process lacks 'state_file'"};
    if (auto const process = started_by_file(file))
        return end_process({*process, true}, where);
    return {};
}

/// Whether it has ended by then; not waited for in a hurry.
bool heeds_sigterm(process_id const& process, surroundings const& where,
                   std::chrono::milliseconds grace)
{
    constexpr std::chrono::milliseconds turn{50};
    constexpr std::chrono::seconds silence{1};
    auto const begin = std::chrono::steady_clock::now();
    bool said = !where.say;
    for (;;) {
        auto const waited = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begin);
        if (waited >= grace || (where.hurried && where.hurried()))
            return ends_within(process, std::chrono::milliseconds(0));
        if (ends_within(process, std::min(turn, grace - waited)))
            return true;
        if (said || waited < silence)
            continue;
        said = true;
        bool const may_hurry = where.stopped && where.stopped();
        where.say("process " + std::to_string(process.pid) + " does not end by SIGTERM: it has " +
                  to_text(grace) + " for that, then SIGKILL ends it" +
                  (may_hurry ? "; so does another Ctrl-C, at once" : ""));
    }
}

}  // namespace

result<target_process> find_process(target const& of, surroundings const& where)
{
    auto const& by = of.process;
    auto const started = started_by_file(state_file(of, where));
    // A number stands for one process; a pid file or a port for whoever has it now.
    if (started && by.pid_file.empty() && by.port == 0)
        return target_process{*started, true};
    if (by.pid_file.empty() && by.port == 0 && by.pid == 0)
        return does_not_run(of, where);
    auto const found = named_process(by, where);
    if (!found && started)
        return target_process{*started, true};
    if (!found)
        return problem{found.error().status,
                       "target '" + printable(of.name) + "': " + found.error().text};
    return target_process{*found, started && *started == *found};
}

json process_started_record(target const& of, surroundings const& where)
{
    return {{"kind", "process_started"},
            {"name", of.name},
            {"state_file", state_file(of, where).string()}};
}

result<process_id> start_process(target const& of, surroundings const& where)
{
    if (of.process.command.empty())
        return problem{400, "target '" + printable(of.name) + "' has no 'command' to start it by"};
    auto const file = state_file(of, where);
    if (auto const running = started_by_file(file))
        return problem{409, "target '" + printable(of.name) + "' runs already, as process " +
                                std::to_string(running->pid)};
    auto started = start_child({.command = of.process.command,
                                .folder = folder_of(of, where),
                                .environment = of.process.environment,
                                .output = log_file(of, where)},
                               [&](process_id const& id) { return write_state(file, id); });
    if (!started)
        return problem{started.error().status,
                       "target '" + printable(of.name) + "': " + started.error().text};
    return started;
}

result<void> outlasts(target const& of, surroundings const& where, std::chrono::milliseconds limit)
{
    auto const process = started_by_file(state_file(of, where));
    if (!process || is_over_within(*process, limit))
        return does_not_run(of, where);
    return {};
}

result<void> end_process(target_process const& process, surroundings const& where,
                         std::chrono::milliseconds grace)
{
    constexpr std::chrono::seconds for_the_kernel{10};
    for (int const each : {SIGTERM, SIGKILL}) {
        auto const sent = send_signal(process.id, each, process.ours);
        if (!sent && sent.error().status != 404)
            return sent.error();
        if (each == SIGTERM)  // one that is stopped would not see it
            [[maybe_unused]]
            auto const woken = send_signal(process.id, SIGCONT, process.ours);
        if (each == SIGTERM ? heeds_sigterm(process.id, where, grace)
                            : ends_within(process.id, for_the_kernel))
            return {};
    }
    return problem{500, "process " + std::to_string(process.id.pid) +
                            " did not end within 10 s of SIGKILL"};
}

json process_target_record(target const& of, surroundings const& where)
{
    json record{{"name", of.name},
                {"command", of.process.command},
                {"folder", folder_of(of, where).string()},
                {"environment", of.process.environment},
                {"output", output_of(where).string()}};
    if (!of.process.pid_file.empty())
        record["pid_file"] = in_folder(of.process.pid_file, where).string();
    if (of.process.port != 0)
        record["port"] = of.process.port;
    return record;
}

target process_target_of(json const& record, surroundings& where)
{
    target of;
    of.name = record_text(record, "name");
    of.process.command = record_words(record, "command");
    of.process.folder = record_text(record, "folder");
    of.process.pid_file = record_text(record, "pid_file");
    of.process.port = static_cast<std::uint16_t>(record_whole(record, "port"));
    if (auto const found = record.find("environment"); found != record.end() && found->is_object())
        for (auto const& [name, text] : found->items())
            if (text.is_string())
                of.process.environment[name] = text.get<std::string>();
    where.folder = of.process.folder;
    where.output = record_text(record, "output");
    return of;
}

constinit undo_kind const undo_process_started{"process_started", end_recorded_process};

}  // namespace aconite::experiment
