#pragma once

#include "tests/support/hostile_session.hpp"
#include "toxics/mongodb/protocol.hpp"

#include <cstdint>
#include <span>

namespace aconite::test {

/// A session of MongoDB's protocol as `script` has it, with some of all kinds of faults.
inline void play_hostile_mongodb(std::span<std::uint8_t const> script)
{
    static hostile_session::choice const choices[] = {
        {{{"preset", "not_primary"}, {"rate", 0.5}}, {{"collection", "a.*"}}},
        {{{"fault", "lose_reply"}, {"then", "stall"}, {"rate", 0.2}}},
        {{{"fault", "error"}, {"error", "5"}, {"apply", "after"}}, {{"command", "find,ping"}}},
        {{{"fault", "error"}, {"error", "6"}, {"delay", 30}}, {{"kind", "opening"}}},
        {{{"fault", "delay"}, {"delay", 70}}, {{"command", "insert,find"}}},
        {{{"preset", "shutdown"}, {"rate", 0.1}}, {{"in_transaction", "yes"}}},
        {{{"preset", "lost_cursor"}}, {{"database", "x"}}},
        {{{"fault", "disconnect"}, {"apply", "after"}, {"rate", 0.1}}, {{"app_name", ".+"}}},
    };
    // Compressors are taken out of answers.
    hostile_session(mongodb::protocol, choices, script, hostile_session::any_changes).play();
}

}  // namespace aconite::test
