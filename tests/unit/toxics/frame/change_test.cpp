// A toxic that is changed or removed while something waits for it.
#include "tests/support/frame_line.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace aconite::test {
namespace {

using namespace std::literals;

TEST(frame_follower, what_waits_for_a_toxic_that_is_removed_goes_on)
{
    frame_line line(of_lines);
    auto const slow = line.add({{"delay", 1000}}, {{"bytes", "slow"}});
    auto const late = line.add({{"fault", "reorder"}}, {{"bytes", "late"}});
    line.client("late\r\n");
    line.client("open");
    EXPECT_EQ(line.to_server(), "");
    line.remove(late);
    EXPECT_EQ(line.to_server(), "late\r\n");
    line.server("slow\r\nb\r\n");
    EXPECT_EQ(line.to_client(), "");
    line.remove(slow);
    EXPECT_EQ(line.to_client(), "slow\r\nb\r\n");
    EXPECT_EQ(line.to_server(), "open");
}

TEST(frame_follower, what_waits_for_a_toxic_goes_on_when_that_is_updated)
{
    frame_line slow(of_lines);
    auto const id = slow.add({{"delay", 1000}});
    slow.client("a\r\n");
    EXPECT_EQ(slow.to_server(), "");
    slow.update(id, {{"delay", 2000}});
    EXPECT_EQ(slow.to_server(), "a\r\n");
    slow.client("b\r\n");
    slow.pass(1999ms);
    EXPECT_EQ(slow.to_server(), "");

    frame_line late(of_lines);
    auto const other = late.add({{"fault", "reorder"}}, {{"frame", "0"}});
    late.client("a\r\n");
    EXPECT_EQ(late.to_server(), "");
    late.update(other, {{"fault", "reorder"}, {"behind", 2}}, {{"frame", "0"}});
    EXPECT_EQ(late.to_server(), "a\r\n");
}

TEST(frame_follower, what_waits_for_a_toxic_that_was_updated_goes_on_behind_what_waits_for_another)
{
    frame_line line(of_lines);
    line.add({{"delay", 1000}}, {{"bytes", "^a"}});
    auto const slower = line.add({{"delay", 5000}}, {{"bytes", "^b"}});
    line.client("a\r\nb\r\n");
    line.update(slower, {{"delay", 6000}}, {{"bytes", "^b"}});
    line.pass(999ms);
    EXPECT_EQ(line.to_server(), "");
    line.pass(1ms);
    EXPECT_EQ(line.to_server(), "a\r\nb\r\n");
}

TEST(frame_follower, an_answer_is_not_lost_by_a_toxic_that_was_updated)
{
    for (std::string const reply : {"next", "same"}) {
        attribute_list const loses{{"fault", "lose_reply"}, {"reply", reply}};
        frame_line line(of_lines);
        auto const id = line.add(loses, {{"bytes", "^b"}});
        line.client("b\r\n");
        line.update(id, loses, {{"bytes", "^c"}});
        line.client("c\r\n");
        EXPECT_EQ(line.hits.size(), 2U) << "the first one's connection does not end any more";
        line.server("1\r\n");
        line.server("2\r\n");
        EXPECT_EQ(line.to_client(), reply == "same" ? "1\r\n" : "");
        EXPECT_EQ(line.ended[1], ending::reset);
    }
}

}  // namespace
}  // namespace aconite::test
