#pragma once

#include "toxics/protocol_toxic.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace aconite::postgres {

/// A fault that people meet, by its name: what the attributes are where they are not set.
struct preset {
    std::string_view name;
    std::string_view fault;  ///< empty here and below: the attribute's fallback
    std::string_view sqlstate{};
    std::string_view severity{};
    std::string_view message{};
    std::string_view detail{};
    std::string_view hint{};
    std::string_view then{};
    std::string_view command{};  ///< which operations, if the match does not say
    std::string_view phase{};
    std::int64_t delay_ms = 0;
    std::span<toxics::preset_step const>
        steps{};  ///< what follows it, if the schedule does not say
};

/// What the presets for writes match.
inline constexpr std::string_view writes =
    "INSERT,UPDATE,DELETE,MERGE,COPY FROM,TRUNCATE,CREATE,ALTER,DROP";

/// The server goes down, another one starts, catches up, and is promoted.
inline constexpr toxics::preset_step failover_steps[] = {
    {500, "starting_up"},
    {3000, "read_only"},
    {6000, ""},
};

/// All there are; texts are those of PostgreSQL 15's own source.
inline constexpr preset all_presets[] = {
    {.name = "serialization_failure",
     .fault = "error",
     .sqlstate = "40001",
     .message = "could not serialize access due to concurrent update"},
    {.name = "deadlock",
     .fault = "error",
     .sqlstate = "40P01",
     .message = "deadlock detected",
     .detail = "Process 4711 waits for ShareLock on transaction 815; blocked by process 4712.\n"
               "Process 4712 waits for ShareLock on transaction 816; blocked by process 4711.",
     .hint = "See server log for query details."},
    {.name = "admin_shutdown",
     .fault = "error",
     .sqlstate = "57P01",
     .severity = "FATAL",
     .message = "terminating connection due to administrator command"},
    {.name = "crash",
     .fault = "error",
     .sqlstate = "57P02",
     .severity = "WARNING",
     .message = "terminating connection because of crash of another server process",
     .detail = "The postmaster has commanded this server process to roll back the current "
               "transaction and exit, because another server process exited abnormally and "
               "possibly corrupted shared memory.",
     .hint =
         "In a moment you should be able to reconnect to the database and repeat your command."},
    {.name = "starting_up",
     .fault = "error",
     .sqlstate = "57P03",
     .severity = "FATAL",
     .message = "the database system is starting up",
     .phase = "startup"},
    {.name = "too_many_connections",
     .fault = "error",
     .sqlstate = "53300",
     .severity = "FATAL",
     .message = "sorry, too many clients already",
     .phase = "startup"},
    {.name = "read_only",
     .fault = "error",
     .sqlstate = "25006",
     .message = "cannot execute statement in a read-only transaction",
     .command = writes},
    {.name = "disk_full",
     .fault = "error",
     .sqlstate = "53100",
     .message = "could not extend file: No space left on device",
     .hint = "Check free disk space.",
     .command = writes},
    {.name = "lock_timeout",
     .fault = "error",
     .sqlstate = "55P03",
     .message = "canceling statement due to lock timeout"},
    {.name = "statement_timeout",
     .fault = "error",
     .sqlstate = "57014",
     .message = "canceling statement due to statement timeout"},
    {.name = "unique_violation",
     .fault = "error",
     .sqlstate = "23505",
     .message = "duplicate key value violates unique constraint",
     .command = "INSERT,UPDATE,MERGE"},
    {.name = "lose_commit_ack",
     .fault = "lose_reply",
     .then = "reset",
     .command = "COMMIT,PREPARE TRANSACTION"},
    {.name = "phantom_commit",
     .fault = "rollback_at_commit",
     .then = "reset",
     .command = "COMMIT,PREPARE TRANSACTION"},
    {.name = "failover",
     .fault = "error",
     .sqlstate = "57P01",
     .severity = "FATAL",
     .message = "terminating connection due to administrator command",
     .steps = failover_steps},
};

/// The message that a server has for an SQLSTATE, where the presets know one.
std::string_view usual_message(std::string_view sqlstate);

}  // namespace aconite::postgres
