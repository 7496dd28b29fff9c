#pragma once

#include "tests/support/hostile_session.hpp"
#include "toxics/redis/protocol.hpp"

#include <cstdint>
#include <span>

namespace aconite::test {

/// A session of Redis' protocol as `script` has it, with some of all kinds of faults.
inline void play_hostile_redis(std::span<std::uint8_t const> script)
{
    static hostile_session::choice const choices[] = {
        {{{"preset", "loading"}, {"rate", 0.5}}, {{"key", "a*"}}},
        {{{"fault", "lose_reply"}, {"then", "stall"}, {"rate", 0.2}}},
        {{{"fault", "nil"}}, {{"command", "GET,MGET"}}},
        {{{"fault", "stale"}, {"age", 70}}, {{"database", 0}}},
        {{{"fault", "truncate"}, {"bytes", 5}, {"rate", 0.1}}},
        {{{"fault", "drop_push"}}},
        {{{"fault", "delay"}, {"delay", 70}}, {{"in_multi", "yes"}}},
        {{{"fault", "error"}, {"error", "ERR x"}, {"apply", "after"}}, {{"arguments", 2}}},
    };
    hostile_session(redis::protocol, choices, script).play();
}

}  // namespace aconite::test
