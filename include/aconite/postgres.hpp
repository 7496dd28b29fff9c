#pragma once

#include <aconite/operation_toxic.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// What a proxy whose protocol is `postgres` can do to single statements. docs/toxics/postgres.md
/// has all attributes, and what a match can name.
namespace aconite::postgres {

/// A fault by its name.
inline operation_toxic by_preset(std::string_view name)
{
    return {"postgres", "preset", std::string(name)};
}

/// A statement fails with 40001, and its transaction is failed.
inline operation_toxic serialization_failure()
{
    return by_preset("serialization_failure");
}
/// The same with 40P01.
inline operation_toxic deadlock()
{
    return by_preset("deadlock");
}
/// The same with 55P03.
inline operation_toxic lock_timeout()
{
    return by_preset("lock_timeout");
}
/// The same with 57014.
inline operation_toxic statement_timeout()
{
    return by_preset("statement_timeout");
}
/// An `INSERT` or `UPDATE` fails with 23505.
inline operation_toxic unique_violation()
{
    return by_preset("unique_violation");
}
/// A statement that writes fails with 25006.
inline operation_toxic read_only()
{
    return by_preset("read_only");
}
/// A statement that writes fails with 53100.
inline operation_toxic disk_full()
{
    return by_preset("disk_full");
}
/// The session ends with 57P01 in place of a statement's answer.
inline operation_toxic admin_shutdown()
{
    return by_preset("admin_shutdown");
}
/// The session ends with the warning 57P02 in place of a statement's answer.
inline operation_toxic crash()
{
    return by_preset("crash");
}
/// Who logs in is refused with 57P03.
inline operation_toxic starting_up()
{
    return by_preset("starting_up");
}
/// Who logs in is refused with 53300; `connection_limit` says from how many on.
inline operation_toxic too_many_connections()
{
    return by_preset("too_many_connections");
}
/// The transaction is committed, and the connection is reset in place of the answer.
inline operation_toxic lose_commit_ack()
{
    return by_preset("lose_commit_ack");
}
/// The transaction is rolled back, and the connection is reset in place of the answer.
inline operation_toxic phantom_commit()
{
    return by_preset("phantom_commit");
}
/// Sessions end with 57P01, then logins are refused, then nothing may be written, then it removes
/// itself: a schedule.
inline operation_toxic failover()
{
    return by_preset("failover");
}

/// A statement is not executed and fails with this SQLSTATE, which the server itself raises.
inline operation_toxic error(std::string_view sqlstate)
{
    return operation_toxic("postgres", "fault", std::string("error"))
        .set("sqlstate", std::string(sqlstate));
}
/// A statement is executed, and its answer lost; the connection is reset.
inline operation_toxic lose_reply()
{
    return {"postgres", "fault", std::string("lose_reply")};
}
/// A statement waits so long, at least 1 ms, before it goes on to the server.
inline operation_toxic delay(std::chrono::milliseconds time)
{
    return operation_toxic("postgres", "fault", std::string("delay")).delay(time);
}
/// The connection is reset in place of a statement.
inline operation_toxic disconnect()
{
    return {"postgres", "fault", std::string("disconnect")};
}

}  // namespace aconite::postgres
