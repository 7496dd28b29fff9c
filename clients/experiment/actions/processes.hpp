#pragma once

#include "clients/experiment/actions/process_id.hpp"
#include "clients/experiment/plan/surroundings.hpp"

#include <aconite/problem.hpp>

#include <chrono>
#include <optional>

/// The processes of targets: found, started, ended. Which process an experiment started for a
/// target stands in a file, `NAME.process` in the experiment's output, from before it runs on, so
/// that whoever restores finds it. What it prints is in `NAME.log` beside it.
namespace aconite::experiment {

/// A process of a target.
struct target_process {
    process_id id;
    bool ours = false;  ///< the experiment started it, as the head of a group: signals go to all
};

/// The one that runs now: what the pid file, the port or the number says, or the one that was
/// started for the target. 404 if none runs, and the text says what was looked for.
[[nodiscard]] result<target_process> find_process(target const& of, surroundings const& where);

/// What undoes `start_process`, to be written down before that: `process_started`.
[[nodiscard]] json process_started_record(target const& of, surroundings const& where);
/// Runs the target's command. 409 if the one that was started for it runs still. A problem if it
/// has no command, or it cannot be run.
result<process_id> start_process(target const& of, surroundings const& where);
/// A problem if the one that was started for the target has ended, or ends within that time: with
/// its status, and where its output is.
result<void> outlasts(target const& of, surroundings const& where, std::chrono::milliseconds limit);
/// SIGTERM, and SIGKILL if it has not ended by then, or in a hurry. It may have ended already. What
/// takes longer than a second is said.
result<void> end_process(target_process const& process, surroundings const& where,
                         std::chrono::milliseconds grace = std::chrono::seconds(10));

/// The target as a record has it, so that its command can be run again: without its `pid`.
[[nodiscard]] json process_target_record(target const& of, surroundings const& where);
/// Back from there; `where` gets folder and output.
[[nodiscard]] target process_target_of(json const& record, surroundings& where);

}  // namespace aconite::experiment
