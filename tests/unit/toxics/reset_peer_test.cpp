#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(reset_peer, an_idle_connection_is_left_alone)
{
    toxic_line line(wanted{"reset_peer", {{"timeout", 100}}});
    EXPECT_EQ(line.next(), toxic_line::forever);
    line.take(24h);
    EXPECT_EQ(line.ended(), std::nullopt);
}

TEST(reset_peer, the_first_data_starts_the_clock_once)
{
    toxic_line line(wanted{"reset_peer", {{"timeout", 100}}});
    line.push(10ms, "lost");
    line.push(50ms, "lost too");
    EXPECT_EQ(line.next(), 110ms);
    EXPECT_EQ(line.take(110ms - 1ns), "");
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.take(110ms), "");
    EXPECT_EQ(line.ended(), ending::reset);
}

TEST(reset_peer, an_end_starts_the_clock_too)
{
    toxic_line line(wanted{"reset_peer", {{"timeout", 100}}});
    line.end(10ms);
    line.take(10ms);
    EXPECT_EQ(line.ended(), std::nullopt);
    line.take(110ms);
    EXPECT_EQ(line.ended(), ending::reset);
}

TEST(reset_peer, timeout_zero_resets_at_once)
{
    toxic_line line(wanted{"reset_peer", {}});
    line.push(10ms, "lost");
    EXPECT_EQ(line.next(), 10ms);
    EXPECT_EQ(line.take(10ms), "");
    EXPECT_EQ(line.ended(), ending::reset);
    line.push(11ms, "later");
    EXPECT_EQ(line.take(12ms), "");
    EXPECT_EQ(line.next(), toxic_line::forever);
}

TEST(reset_peer, an_update_keeps_counting_from_the_first_data)
{
    toxic_line line(wanted{"reset_peer", {{"timeout", 1000}}});
    line.push(10ms, "lost");
    line.set(20ms, {{"reset_peer", {{"timeout", 500}}, 1, 2}});
    EXPECT_EQ(line.next(), 510ms);
    line.push(30ms, "lost");
    line.set(40ms, {{"reset_peer", {{"timeout", 5}}, 1, 3}});
    EXPECT_EQ(line.take(40ms), "");
    EXPECT_EQ(line.ended(), ending::reset);
}

TEST(reset_peer, an_update_before_any_data_starts_nothing)
{
    toxic_line line(wanted{"reset_peer", {{"timeout", 1000}}});
    line.set(20ms, {{"reset_peer", {{"timeout", 500}}, 1, 2}});
    EXPECT_EQ(line.next(), toxic_line::forever);
}

TEST(reset_peer, removal_before_any_data_leaves_the_stream_whole)
{
    toxic_line line(wanted{"reset_peer", {{"timeout", 100}}});
    line.set(10ms, {});
    line.push(20ms, "whole");
    EXPECT_EQ(line.take(20ms), "whole");
    EXPECT_EQ(line.ended(), std::nullopt);
}

TEST(reset_peer, removal_after_data_was_swallowed_resets_at_once)
{
    toxic_line line(wanted{"reset_peer", {{"timeout", 100}}});
    line.push(0ms, "lost");
    line.set(10ms, {});
    line.push(10ms, "the rest");
    EXPECT_EQ(line.take(10ms), "");
    EXPECT_EQ(line.ended(), ending::reset);
}

TEST(reset_peer, removal_after_the_end_was_swallowed_resets_at_once)
{
    toxic_line line(wanted{"reset_peer", {{"timeout", 100}}});
    line.end(0ms);
    line.set(10ms, {});
    line.take(10ms);
    EXPECT_EQ(line.ended(), ending::reset);
}

TEST(reset_peer, data_that_a_latency_delivers_starts_the_clock)
{
    toxic_line line{{"latency", {{"latency", 50}}}, {"reset_peer", {{"timeout", 100}}}};
    line.push(0ms, "lost");
    line.take(75ms);  // served late: the clock still starts at 50 ms
    EXPECT_EQ(line.next(), 150ms);
    line.take(150ms);
    EXPECT_EQ(line.ended(), ending::reset);
}

}  // namespace
}  // namespace aconite::test
