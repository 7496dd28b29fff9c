#pragma once

#include "clients/experiment/probes/docker_engine.hpp"

#include <aconite/problem.hpp>

#include <string>
#include <vector>

namespace aconite::experiment {

/// Runs a command in a running container, with these variables beside its own, and returns at
/// once: the exec's id.
result<std::string> begin_exec(docker_engine& engine, std::string const& container,
                               std::vector<std::string> const& command,
                               std::vector<std::string> const& environment);
/// Runs it and waits for its end, for at most `limit`: its exit status.
result<std::int64_t> run_exec(docker_engine& engine, std::string const& container,
                              std::vector<std::string> const& command,
                              std::chrono::milliseconds limit);
/// None while it runs.
result<std::optional<std::int64_t>> exec_status(docker_engine& engine, std::string const& id);

}  // namespace aconite::experiment
