#include "toxics/mongodb/errors.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace aconite::mongodb {
namespace {

// Codes, names, and which of them are to be tried again:
// https://www.mongodb.com/docs/manual/reference/error-codes/
constexpr server_error errors[] = {
    {.code = 1, .name = "InternalError", .text = "internal error"},
    {.code = 2, .name = "BadValue", .text = "bad value"},
    {.code = 6, .name = "HostUnreachable", .text = "host unreachable", .can_be_retried = true},
    {.code = 7, .name = "HostNotFound", .text = "host not found", .can_be_retried = true},
    {.code = 13, .name = "Unauthorized", .text = "not authorized to execute the command"},
    {.code = 18, .name = "AuthenticationFailed", .text = "Authentication failed."},
    {.code = 24, .name = "LockTimeout", .text = "no lock within its time", .is_transient = true},
    {.code = 26, .name = "NamespaceNotFound", .text = "ns not found"},
    {.code = 43, .name = "CursorNotFound", .text = "cursor id not found"},
    {.code = 50, .name = "MaxTimeMSExpired", .text = "operation exceeded time limit"},
    {.code = 64, .name = "WriteConcernTimeout", .text = "waiting for replication timed out"},
    {.code = 89, .name = "NetworkTimeout", .text = "network timeout", .can_be_retried = true},
    {.code = 91,
     .name = "ShutdownInProgress",
     .text = "The server is in quiesce mode and will shut down",
     .can_be_retried = true},
    {.code = 112,
     .name = "WriteConflict",
     .text = "this operation conflicted with another operation",
     .is_transient = true},
    {.code = 134,
     .name = "ReadConcernMajorityNotAvailableYet",
     .text = "read concern majority is not available yet",
     .can_be_retried = true},
    {.code = 189,
     .name = "PrimarySteppedDown",
     .text = "primary stepped down while waiting for replication",
     .can_be_retried = true},
    {.code = 246,
     .name = "SnapshotUnavailable",
     .text = "no snapshot at the time that was asked for",
     .is_transient = true},
    {.code = 251,
     .name = "NoSuchTransaction",
     .text = "the transaction has been aborted",
     .is_transient = true},
    {.code = 262,
     .name = "ExceededTimeLimit",
     .text = "operation exceeded time limit",
     .can_be_retried = true},
    {.code = 9001, .name = "SocketException", .text = "socket exception", .can_be_retried = true},
    {.code = 10107, .name = "NotWritablePrimary", .text = "not primary", .can_be_retried = true},
    {.code = 11600,
     .name = "InterruptedAtShutdown",
     .text = "interrupted at shutdown",
     .can_be_retried = true},
    {.code = 11602,
     .name = "InterruptedDueToReplStateChange",
     .text = "operation was interrupted",
     .can_be_retried = true},
    {.code = 13435,
     .name = "NotPrimaryNoSecondaryOk",
     .text = "not primary and secondaryOk=false",
     .can_be_retried = true},
    {.code = 13436,
     .name = "NotPrimaryOrSecondary",
     .text = "node is not in primary or recovering state",
     .can_be_retried = true},
    {.code = 14031, .name = "OutOfDiskSpace", .text = "out of disk space"},
};
constexpr std::int32_t no_such_transaction = 251;

}  // namespace

std::optional<server_error> find_error(std::string_view name_or_code)
{
    std::int32_t code = 0;
    auto const* const end = name_or_code.data() + name_or_code.size();
    auto const read = std::from_chars(name_or_code.data(), end, code);
    bool const is_code = read.ec == std::errc{} && read.ptr == end && code > 0;
    auto const* const known = std::ranges::find_if(errors, [&](server_error const& each) {
        return is_code ? each.code == code : each.name == name_or_code;
    });
    if (known != std::end(errors))
        return *known;
    return is_code ? std::optional(server_error{.code = code, .name = {}}) : std::nullopt;
}

std::vector<std::string_view> labels_of(server_error const& error, request const& of)
{
    if (of.command == "commitTransaction" && error.code == no_such_transaction)
        return {"TransientTransactionError"};
    if (of.ends_transaction || (of.can_be_retried && !of.in_transaction))
        return error.can_be_retried ? std::vector<std::string_view>{"RetryableWriteError"}
                                    : std::vector<std::string_view>{};
    if (of.in_transaction && (error.can_be_retried || error.is_transient))
        return {"TransientTransactionError"};
    return {};
}

}  // namespace aconite::mongodb
