// Sessions that clients had with real servers: tests/fuzz/record_redis.py.
#include "tests/support/recorded_session.hpp"
#include "toxics/redis/protocol.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>

namespace {

using namespace aconite::test;

/// How many servers are told of that cannot be kept inside, which none can.
std::size_t servers_told(std::filesystem::path const& file, std::size_t step)
{
    SCOPED_TRACE(file.filename().string() + ", " + std::to_string(step) + " bytes at once");
    recorded_session const session(file);
    conversation_line line(aconite::redis::protocol);
    session.play(step, line);
    EXPECT_EQ(line.gave_up, "");
    EXPECT_EQ(line.out, session.said);
    for (auto const& each : line.bypasses)
        EXPECT_TRUE(each.starts_with("127.0.0.1:")) << each;
    return std::set<std::string>(line.bypasses.begin(), line.bypasses.end()).size();
}

TEST(redis_recorded, sessions_are_followed_and_their_servers_seen)
{
    int sessions = 0;
    for (auto const& file : std::filesystem::directory_iterator(ACONITE_REDIS_CORPUS)) {
        auto const name = file.path().filename().string();
        // Six nodes; three servers and the two sentinels that are not asked.
        auto const there = name.starts_with("node") ? 6U : name.starts_with("sentinel") ? 5U : 0U;
        for (std::size_t const step : {64U, 1U}) {
            auto const told = servers_told(file.path(), step);
            if (name.starts_with("events"))
                EXPECT_GE(told, 2U) << name;
            else
                EXPECT_EQ(told, there) << name;
        }
        ++sessions;
    }
    EXPECT_EQ(sessions, 7);
}

}  // namespace
