#pragma once

#include <aconite/client.hpp>
#include <aconite/problem.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace aconite::cli {

/// How a command that ran under a lease ended.
struct lease_run_end {
    /// The command's exit status, 128 and the number of the signal that killed it, or 127 if it
    /// could not be started.
    int status = 0;
    bool has_run = true;  ///< the command could be started
    /// What went wrong, for people; empty if nothing did.
    std::string complaint;
};

/// Opens a lease of `ttl_ms`, runs `command` (a program, sought in PATH, and its arguments) with
/// the lease's id in ACONITE_LEASE, renews the lease at a third of its time and ends it when the
/// command ends. Signals that ask this process to end are passed on. Call it from the main thread
/// of a process without others. A problem if the server gives no lease; then nothing was run.
result<lease_run_end> run_under_lease(client::server_config const& where, std::int64_t ttl_ms,
                                      std::vector<std::string> const& command);

}  // namespace aconite::cli
