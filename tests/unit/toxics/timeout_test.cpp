#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(timeout, drops_data_and_closes_when_the_time_is_over)
{
    toxic_line line(wanted{"timeout", {{"timeout", 100}}});
    line.push(10ms, "lost");
    EXPECT_EQ(line.next(), 100ms);
    EXPECT_EQ(line.take(100ms - 1ns), "");
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.take(100ms), "");
    EXPECT_EQ(line.ended(), ending::close);
    EXPECT_EQ(line.line.held_bytes(), 0U);
}

TEST(timeout, data_does_not_restart_the_clock)
{
    toxic_line line(wanted{"timeout", {{"timeout", 100}}});
    for (int i = 0; i < 10; ++i)
        line.push(i * 10ms, "x");
    EXPECT_EQ(line.next(), 100ms);
}

TEST(timeout, counts_from_when_it_was_added)
{
    toxic_line line;
    line.push(0ms, "before");
    line.set(1s, {{"timeout", {{"timeout", 100}}}});
    EXPECT_EQ(line.take(1s), "before");
    EXPECT_EQ(line.next(), 1100ms);
}

TEST(timeout, counts_anew_from_an_update)
{
    toxic_line line(wanted{"timeout", {{"timeout", 100}}});
    line.set(50ms, {{"timeout", {{"timeout", 200}}, 1, 2}});
    EXPECT_EQ(line.next(), 250ms);
    line.set(60ms, {{"timeout", {{"timeout", 0}}, 1, 3}});
    EXPECT_EQ(line.next(), toxic_line::forever);
}

TEST(timeout, zero_never_closes_until_it_is_removed)
{
    toxic_line line(wanted{"timeout", {}});
    line.push(0ms, "lost");
    line.take(24h);
    EXPECT_EQ(line.next(), toxic_line::forever);
    EXPECT_EQ(line.ended(), std::nullopt);
    line.set(25h, {});
    EXPECT_EQ(line.take(25h), "");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(timeout, nothing_passes_after_its_removal)
{
    toxic_line line(wanted{"timeout", {}});
    line.set(1ms, {});
    line.push(1ms, "too late");
    EXPECT_EQ(line.take(2ms), "");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(timeout, an_end_passes_as_it_is)
{
    toxic_line line(wanted{"timeout", {{"timeout", 100}}});
    line.end(10ms);
    line.take(10ms);
    EXPECT_EQ(line.ended(), ending::half_close);
    line.take(200ms);
    EXPECT_EQ(line.ended(), ending::half_close);
    EXPECT_EQ(line.next(), toxic_line::forever);
}

TEST(timeout, what_waits_behind_it_still_arrives)
{
    toxic_line line;
    line.set(0ms, {{"latency", {{"latency", 80}}, 2}});
    line.push(0ms, "kept");
    line.set(1ms, {{"timeout", {{"timeout", 50}}, 1}, {"latency", {{"latency", 80}}, 2}});
    line.push(2ms, "lost");
    line.take(79ms);
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.take(80ms), "kept");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(timeout, the_longest_time_saturates)
{
    toxic_line line(wanted{"timeout", {{"timeout", time_ms_max}}});
    EXPECT_GT(line.next(), 24h * 365 * 31);
}

}  // namespace
}  // namespace aconite::test
