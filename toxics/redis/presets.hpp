#pragma once

#include "toxics/protocol_toxic.hpp"

#include <string_view>

namespace aconite::redis {

/// A fault that people meet, by its name: what the attributes are where they are not set.
using preset = toxics::command_preset;

/// What changes data, as far as people do it most.
inline constexpr std::string_view writes =
    "SET,SETEX,PSETEX,SETNX,GETSET,GETDEL,GETEX,MSET,MSETNX,APPEND,SETRANGE,DEL,UNLINK,RENAME,"
    "COPY,EXPIRE,PEXPIRE,EXPIREAT,PEXPIREAT,PERSIST,INCR,INCRBY,INCRBYFLOAT,DECR,DECRBY,HSET,"
    "HMSET,HSETNX,HDEL,HINCRBY,HINCRBYFLOAT,LPUSH,RPUSH,LPUSHX,RPUSHX,LPOP,RPOP,LMOVE,BLMOVE,"
    "BLPOP,BRPOP,RPOPLPUSH,LSET,LREM,LTRIM,LINSERT,SADD,SREM,SPOP,SMOVE,ZADD,ZREM,ZINCRBY,ZPOPMIN,"
    "ZPOPMAX,XADD,XDEL,XTRIM,XACK,XCLAIM,XAUTOCLAIM,XREADGROUP,XGROUP,PFADD,PFMERGE,SETBIT,"
    "BITFIELD,GEOADD,EVAL,EVALSHA,FCALL,FLUSHDB,FLUSHALL,PUBLISH";
/// What looks single keys up.
inline constexpr std::string_view lookups =
    "GET,MGET,GETEX,GETRANGE,HGET,HMGET,HGETALL,EXISTS,LRANGE,LINDEX,SMEMBERS,SISMEMBER,ZRANGE,"
    "ZSCORE,ZRANK,STRLEN,TTL,PTTL,TYPE";

/// The old master takes no writes, goes, and another one loads its data.
inline constexpr toxics::preset_step failover_steps[] = {
    {1000, "down"}, {2000, "loading"}, {4000, ""}};
/// Slots move for a while, then they have moved.
inline constexpr toxics::preset_step reshard_steps[] = {{2000, "ask"}, {4000, ""}};

inline constexpr preset all_presets[] = {
    {.name = "failover",
     .fault = "error",
     .error = "READONLY",
     .command = writes,
     .steps = failover_steps},
    {.name = "down", .fault = "disconnect"},
    {.name = "loading", .fault = "error", .error = "LOADING"},
    {.name = "cache_stampede", .fault = "nil", .command = lookups},
    {.name = "slow_keys", .fault = "delay", .command = lookups, .delay_ms = 500},
    {.name = "cluster_reshard", .fault = "error", .error = "MOVED", .steps = reshard_steps},
    {.name = "ask", .fault = "error", .error = "ASK"},
    {.name = "lost_invalidation", .fault = "drop_push", .command = "invalidate"},
    {.name = "max_clients",
     .fault = "error",
     .error = "ERR max number of clients reached",
     .then = "close"},
};

}  // namespace aconite::redis
