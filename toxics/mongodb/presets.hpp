#pragma once

#include "toxics/protocol_toxic.hpp"

#include <string_view>

namespace aconite::mongodb {

/// A fault that people meet, by its name: what the attributes are where they are not set.
using preset = toxics::command_preset;

/// What changes data.
inline constexpr std::string_view writes =
    "insert,update,delete,findAndModify,bulkWrite,commitTransaction,abortTransaction,create,drop,"
    "createIndexes,dropIndexes,renameCollection,collMod,dropDatabase";
/// What only one transaction at a time may do to a document.
inline constexpr std::string_view document_writes = "insert,update,delete,findAndModify,bulkWrite";
inline constexpr std::string_view reads = "find,getMore,aggregate,count,distinct";

/// What the old primary was at is interrupted, then it takes no writes for as long as an election
/// takes.
inline constexpr toxics::preset_step stepdown_steps[] = {{500, "not_primary"}, {4000, ""}};

inline constexpr preset all_presets[] = {
    {.name = "not_primary", .fault = "error", .error = "NotWritablePrimary", .command = writes},
    {.name = "stepdown",
     .fault = "error",
     .error = "InterruptedDueToReplStateChange",
     .command = writes,
     .steps = stepdown_steps},
    {.name = "shutdown", .fault = "error", .error = "ShutdownInProgress", .then = "close"},
    {.name = "write_conflict",
     .fault = "error",
     .error = "WriteConflict",
     .command = document_writes},
    {.name = "retryable_write",
     .fault = "error",
     .error = "PrimarySteppedDown",
     .command = document_writes},
    {.name = "lost_write_ack", .fault = "lose_reply", .command = document_writes},
    {.name = "commit_unknown", .fault = "lose_reply", .command = "commitTransaction"},
    {.name = "lost_cursor", .fault = "error", .error = "CursorNotFound", .command = "getMore"},
    {.name = "slow_reads", .fault = "delay", .command = reads, .delay_ms = 500},
};

}  // namespace aconite::mongodb
