#pragma once

#include "clients/experiment/actions/action.hpp"

/// The rows that `action_kinds()` and `undo_kinds()` list; each stands in the file of its action.
namespace aconite::experiment {

// What a proxy does.
extern action_kind const toxic_row;
extern action_kind const preset_row;
extern action_kind const netem_row;
extern action_kind const partition_row;
extern action_kind const down_row;
extern action_kind const up_row;
// What is done to a container or a process.
extern action_kind const kill_row;
extern action_kind const stop_row;
extern action_kind const start_row;
extern action_kind const restart_row;
extern action_kind const pause_row;
extern action_kind const unpause_row;
extern action_kind const signal_row;
// What is done to a container.
extern action_kind const update_row;
extern action_kind const stress_row;
// What is done once.
extern action_kind const command_row;
extern action_kind const http_row;
extern action_kind const sql_row;

extern undo_kind const undo_toxic;
extern undo_kind const undo_proxy_enabled;
extern undo_kind const undo_proxy_made;
extern undo_kind const undo_container;
extern undo_kind const undo_container_update;
extern undo_kind const undo_container_stress;
extern undo_kind const undo_container_netem;
extern undo_kind const undo_process_start;
extern undo_kind const undo_process_signal;
extern undo_kind const undo_process_started;
extern undo_kind const undo_command;
extern undo_kind const undo_left_load;

}  // namespace aconite::experiment
