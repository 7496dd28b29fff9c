#pragma once

#include <aconite/operation_toxic.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// What a proxy whose protocol is `redis` can do to single commands. docs/toxics/redis.md has all
/// attributes, and what a match can name.
namespace aconite::redis {

/// A fault by its name.
inline operation_toxic by_preset(std::string_view name)
{
    return {"redis", "preset", std::string(name)};
}

/// Every command is told LOADING.
inline operation_toxic loading()
{
    return by_preset("loading");
}
/// READONLY, then connections that are reset, then LOADING, and after 4 s all is well.
inline operation_toxic failover()
{
    return by_preset("failover");
}
/// Whoever asks anything is disconnected.
inline operation_toxic down()
{
    return by_preset("down");
}
/// What looks something up finds nothing.
inline operation_toxic cache_stampede()
{
    return by_preset("cache_stampede");
}
/// What looks something up takes half a second longer, or as long as `delay` says.
inline operation_toxic slow_keys()
{
    return by_preset("slow_keys");
}
/// Clients that cache are not told of changes.
inline operation_toxic lost_invalidation()
{
    return by_preset("lost_invalidation");
}
/// Slots are at other nodes, then they move, and after 4 s all is well.
inline operation_toxic cluster_reshard()
{
    return by_preset("cluster_reshard");
}
/// The slot moves: a command with a key is to be asked for this once at another node.
inline operation_toxic ask()
{
    return by_preset("ask");
}
/// There are too many clients.
inline operation_toxic max_clients()
{
    return by_preset("max_clients");
}

/// The answer is an error, by its first word or in all its words, before the server executes
/// anything.
inline operation_toxic error(std::string_view text)
{
    return operation_toxic{"redis", "fault", std::string("error")}.set("error", std::string(text));
}
/// The slot of the command's key, if it has one, is at `node`, as host:port; empty: at the same
/// one.
inline operation_toxic moved(std::string_view node)
{
    return operation_toxic(error("MOVED")).set("node", std::string(node));
}
/// The command is executed, its answer is lost, and the connection reset.
inline operation_toxic lose_reply()
{
    return {"redis", "fault", std::string("lose_reply")};
}
/// The command never reaches the server, and its connection goes silent.
inline operation_toxic lose_request()
{
    return {"redis", "fault", std::string("lose_request")};
}
/// Nothing is found.
inline operation_toxic nil()
{
    return {"redis", "fault", std::string("nil")};
}
/// The answer is what it was that long ago, at least 1 ms.
inline operation_toxic stale(std::chrono::milliseconds age)
{
    return operation_toxic{"redis", "fault", std::string("stale")}.set("age", age.count());
}
/// Messages and invalidations do not come.
inline operation_toxic drop_push()
{
    return {"redis", "fault", std::string("drop_push")};
}

}  // namespace aconite::redis
