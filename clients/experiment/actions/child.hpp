#pragma once

#include "clients/experiment/actions/process_id.hpp"

#include <aconite/problem.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace aconite::experiment {

/// A program to be run, without a terminal, in a session and a process group of its own.
struct child_plan {
    std::vector<std::string> command{};                ///< not empty
    std::filesystem::path folder{};                    ///< empty: ours
    std::map<std::string, std::string> environment{};  ///< beside ours
    /// What it prints is appended there; the folder is made. Empty: nowhere.
    std::filesystem::path output{};
};

/// Starts it. `before_it_runs` is told which process it is before the program begins; if that
/// refuses, or this process ends in it, the program never begins. A problem that names the program
/// if it cannot be run. The child may outlive us.
result<process_id>
start_child(child_plan const& plan,
            std::function<result<void>(process_id const&)> const& before_it_runs = {});

/// What became of a program that was waited for.
struct child_end {
    int status = 0;        ///< 128 and the signal, if one ended it
    bool in_time = true;   ///< else it was killed, with its group
    bool stopped = false;  ///< that was since the run is to end
};

/// Runs it to its end, but no longer than `limit`, nor than until `stopped` says so.
result<child_end> run_child(child_plan const& plan, std::chrono::milliseconds limit,
                            std::function<bool()> const& stopped = {});

}  // namespace aconite::experiment
