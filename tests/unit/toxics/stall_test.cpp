#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(stall, holds_everything_and_lets_go_after_its_duration)
{
    toxic_line line(wanted{"stall", {{"duration", 100}}});
    line.push(10ms, "one");
    line.push(60ms, "two");
    EXPECT_EQ(line.take(100ms - 1ns), "");
    EXPECT_EQ(line.next(), 100ms);
    EXPECT_EQ(line.take(100ms), "onetwo");
    line.push(150ms, "after");
    EXPECT_EQ(line.take(150ms), "after");
}

TEST(partition, is_a_stall_of_both_streams)
{
    toxic_line line(wanted{"partition", {{"duration", 100}}});
    line.push(10ms, "held");
    EXPECT_EQ(line.take(100ms - 1ns), "");
    EXPECT_EQ(line.take(100ms), "held");
    EXPECT_EQ(builtin_toxics().find("partition")->acts_on, stream::both);
}

TEST(stall, without_a_duration_holds_until_it_is_removed)
{
    toxic_line line(wanted{"stall", {}});
    line.push(0ms, "held");
    EXPECT_EQ(line.take(24h), "");
    EXPECT_EQ(line.next(), toxic_line::forever);
    line.set(25h, {});
    EXPECT_EQ(line.take(25h), "held");
    EXPECT_TRUE(line.line.idle());
}

TEST(stall, holds_an_end_too)
{
    for (auto const how : {ending::half_close, ending::close, ending::reset}) {
        toxic_line line(wanted{"stall", {{"duration", 100}}});
        line.end(10ms, how);
        line.take(100ms - 1ns);
        EXPECT_EQ(line.ended(), std::nullopt);
        line.take(100ms);
        EXPECT_EQ(line.ended(), how);
    }
}

TEST(stall, an_update_lets_go_and_stalls_anew)
{
    toxic_line line(wanted{"stall", {{"duration", 100}}});
    line.push(0ms, "held");
    line.set(50ms, {{"stall", {{"duration", 200}}, 1, 2}});
    EXPECT_EQ(line.take(50ms), "held");
    line.push(60ms, "again");
    EXPECT_EQ(line.take(250ms - 1ns), "");
    EXPECT_EQ(line.take(250ms), "again");
}

TEST(stall, stops_the_reader_when_it_holds_enough)
{
    toxic_line line(wanted{"stall", {}});
    while (line.line.accepts())
        line.push(0ms, std::string(1000, 'x'));
    EXPECT_LE(line.line.held_bytes(), 65'000U);
    auto const held = line.line.held_bytes();
    line.set(1s, {});
    EXPECT_EQ(line.take(1s).size(), held);
}

}  // namespace
}  // namespace aconite::test
