#pragma once

#include "clients/cli/doctor/finding.hpp"

#include <aconite/processors.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace aconite::cli {

/// What a process of this user gets on this machine. Nothing where the kernel does not tell.
struct machine_facts {
    std::uint64_t open_files_max = 0;  ///< the hard limit, to which the server raises its own
    bool may_drop = false;             ///< CAP_NET_ADMIN
    bool beyond_quota = false;         ///< CAP_SYS_RESOURCE or CAP_SYS_ADMIN: no quota of pipes
    /// Pages that the pipes of one user may have; 0: any number.
    std::optional<std::uint64_t> pipe_pages_soft;
    std::optional<std::uint64_t> pipe_pages_hard;
    std::optional<std::uint64_t> listen_queue_max;
    /// How many there are for connections to one upstream.
    std::optional<std::uint64_t> local_ports;
    usable_processors processors;
    std::string clock;  ///< the kernel's clock source
    std::uint64_t timer_slack_ns = 0;
};

/// The facts of this process.
machine_facts read_machine();

/// What follows from them for a server that runs here as this user.
findings judge_machine(machine_facts const& facts);

}  // namespace aconite::cli
