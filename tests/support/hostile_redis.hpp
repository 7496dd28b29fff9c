#pragma once

#include "tests/support/hostile_session.hpp"
#include "toxics/redis/protocol.hpp"
#include "toxics/redis/reply.hpp"
#include "toxics/redis/told_addresses.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

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

/// Knows a longer place for each server.
class far_book final : public redis::address_book {
public:
    std::optional<server_place> inside(std::string_view host, std::int64_t port) override
    {
        if (port <= 0 || host.size() > 100)
            return std::nullopt;
        return server_place{"far." + std::string(host.substr(0, 1)), 65535};
    }
};

/// An answer of any form, which `script` chooses with its first byte and is behind that: what is
/// made of it is one value still. Whether it is another one; throws if it is none.
inline bool play_hostile_answer(std::span<std::uint8_t const> script)
{
    if (script.empty())
        return false;
    auto const what = static_cast<redis::telling>(script.front() % 9);
    std::string const answer(script.begin() + 1, script.end());
    far_book book;
    std::string made;
    if (redis::put_addresses(what, answer, book, made) && !redis::read_reply(made))
        throw std::runtime_error("what was made of an answer is none");
    return !made.empty() && made != answer;
}

}  // namespace aconite::test
