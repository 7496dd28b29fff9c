#pragma once

#include "tests/support/hostile_session.hpp"
#include "toxics/postgres/protocol.hpp"

#include <cstdint>
#include <span>

namespace aconite::test {

/// A session of PostgreSQL's protocol as `script` has it, with some of all kinds of faults.
inline void play_hostile_postgres(std::span<std::uint8_t const> script)
{
    static hostile_session::choice const choices[] = {
        {{{"preset", "serialization_failure"}, {"rate", 0.5}}},
        {{{"preset", "lose_commit_ack"}}},
        {{{"preset", "phantom_commit"}, {"then", "error"}}},
        {{{"fault", "lose_reply"}, {"then", "stall"}, {"rate", 0.3}}},
        {{{"fault", "delay"}, {"delay", 70}}, {{"query", "a"}}},
        {{{"fault", "truncate"}, {"bytes", 50}}, {{"command", "COPY,SELECT"}}},
        {{{"preset", "admin_shutdown"}, {"rate", 0.1}}},
        {{{"fault", "error"}, {"sqlstate", "53100"}}, {{"phase", "copy"}}},
    };
    hostile_session(postgres::protocol, choices, script).play();
}

}  // namespace aconite::test
