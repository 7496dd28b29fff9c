#include "clients/experiment/actions/container_exec.hpp"

#include "clients/experiment/actions/record.hpp"

namespace aconite::experiment {
namespace {

result<std::string> create_exec(docker_engine& engine, std::string const& container,
                                std::vector<std::string> const& command,
                                std::vector<std::string> const& environment, bool attached)
{
    auto const made = engine.ask("POST", container_path(container) + "/exec",
                                 {{"Cmd", command},
                                  {"Env", environment},
                                  {"AttachStdout", attached},
                                  {"AttachStderr", attached}});
    if (!made)
        return made.error();
    auto id = record_text(*made, "Id");
    if (id.empty())
        return problem{0, "the Docker Engine tells no id of an exec"};
    return id;
}

}  // namespace

result<std::string> begin_exec(docker_engine& engine, std::string const& container,
                               std::vector<std::string> const& command,
                               std::vector<std::string> const& environment)
{
    auto id = create_exec(engine, container, command, environment, false);
    if (!id)
        return id;
    auto const begun =
        engine.ask_text("POST", "/exec/" + *id + "/start", {{"Detach", true}, {"Tty", false}});
    if (!begun)
        return begun.error();
    return id;
}

result<std::int64_t> run_exec(docker_engine& engine, std::string const& container,
                              std::vector<std::string> const& command,
                              std::chrono::milliseconds limit)
{
    auto const id = create_exec(engine, container, command, {}, true);
    if (!id)
        return id.error();
    // The answer's body is what it prints, and ends with it.
    auto const run = engine.ask_text("POST", "/exec/" + *id + "/start",
                                     {{"Detach", false}, {"Tty", false}}, limit);
    if (!run)
        return run.error();
    auto const status = exec_status(engine, *id);
    if (!status)
        return status.error();
    if (!*status)
        return problem{0, "the Docker Engine says that an exec runs whose output has ended"};
    return result<std::int64_t>(boost::system::in_place_value, **status);
}

result<std::optional<std::int64_t>> exec_status(docker_engine& engine, std::string const& id)
{
    auto const now = engine.ask("GET", "/exec/" + id + "/json");
    if (!now)
        return now.error();
    if (record_flag(*now, "Running"))
        return std::optional<std::int64_t>();
    return std::optional<std::int64_t>(record_whole(*now, "ExitCode"));
}

}  // namespace aconite::experiment
