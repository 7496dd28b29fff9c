#pragma once

#include <aconite/operation_toxic.hpp>

#include <string>
#include <string_view>

/// What a proxy whose protocol is `mongodb` can do to single commands. docs/toxics/mongodb.md has
/// all attributes, and what a match can name.
namespace aconite::mongodb {

/// A fault by its name.
inline operation_toxic by_preset(std::string_view name)
{
    return {"mongodb", "preset", std::string(name)};
}

/// Writes are told that this is no primary.
inline operation_toxic not_primary()
{
    return by_preset("not_primary");
}
/// Writes are interrupted, then told that this is no primary, and after 4 s all is well.
inline operation_toxic stepdown()
{
    return by_preset("stepdown");
}
/// Whoever asks anything is told that the server shuts down, and the connection closes.
inline operation_toxic shutdown()
{
    return by_preset("shutdown");
}
/// Writes conflict with others: in a transaction drivers may try it all again.
inline operation_toxic write_conflict()
{
    return by_preset("write_conflict");
}
/// Writes fail so that drivers may try them again.
inline operation_toxic retryable_write()
{
    return by_preset("retryable_write");
}
/// Writes are executed, their answers are lost, and the connections reset.
inline operation_toxic lost_write_ack()
{
    return by_preset("lost_write_ack");
}
/// Commits of transactions are executed, and nobody is told.
inline operation_toxic commit_unknown()
{
    return by_preset("commit_unknown");
}
/// Who asks for more of a result is told that it is not there any more.
inline operation_toxic lost_cursor()
{
    return by_preset("lost_cursor");
}
/// What reads takes half a second longer, or as long as `delay` says.
inline operation_toxic slow_reads()
{
    return by_preset("slow_reads");
}

/// The answer is an error, by its name or code, before the server executes anything.
inline operation_toxic error(std::string_view name)
{
    return operation_toxic{"mongodb", "fault", std::string("error")}.set("error",
                                                                         std::string(name));
}
/// The command is executed, its answer is lost, and the connection reset.
inline operation_toxic lose_reply()
{
    return {"mongodb", "fault", std::string("lose_reply")};
}
/// The connection is reset before the command reaches the server.
inline operation_toxic disconnect()
{
    return {"mongodb", "fault", std::string("disconnect")};
}

}  // namespace aconite::mongodb
