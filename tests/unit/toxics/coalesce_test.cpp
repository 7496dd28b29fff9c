#include "tests/support/toxic_line.hpp"

#include "proxy/pipeline/trigger.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

TEST(coalesce, merges_what_comes_within_the_delay)
{
    toxic_line line(wanted{"coalesce", {{"size", 100}, {"delay", 20}}});
    line.push(0ms, "a");
    line.push(5ms, "b");
    EXPECT_EQ(line.next(), 20ms);
    EXPECT_EQ(line.pieces(20ms - 1ns), texts{});
    EXPECT_EQ(line.pieces(20ms), texts{"ab"});
    line.push(30ms, "c");
    EXPECT_EQ(line.pieces(50ms - 1ns), texts{});
    EXPECT_EQ(line.pieces(50ms), texts{"c"});
    EXPECT_EQ(line.next(), toxic_line::forever);
}

TEST(coalesce, enough_bytes_wait_for_nobody)
{
    toxic_line line(wanted{"coalesce", {{"size", 4}, {"delay", 20}}});
    line.push(0ms, "abc");
    EXPECT_EQ(line.pieces(0ms), texts{});
    line.push(1ms, "de");
    EXPECT_EQ(line.pieces(1ms), texts{"abcde"});
    line.push(2ms, "0123");
    EXPECT_EQ(line.pieces(2ms), texts{"0123"});
    EXPECT_EQ(line.next(), toxic_line::forever);
}

TEST(coalesce, without_a_delay_merges_nothing)
{
    toxic_line line(wanted{"coalesce", {}});
    line.push(0ms, "a");
    line.push(0ms, "b");
    EXPECT_EQ(line.pieces(0ms), (texts{"a", "b"}));
}

TEST(coalesce, the_end_waits_for_nobody_either)
{
    toxic_line line(wanted{"coalesce", {{"delay", 1000}}});
    line.push(0ms, "a");
    line.push(1ms, "b");
    line.end(2ms);
    EXPECT_EQ(line.pieces(2ms), texts{"ab"});
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(coalesce, update_and_removal_let_go_in_order)
{
    toxic_line line(wanted{"coalesce", {{"delay", 1000}}});
    line.push(0ms, "a");
    line.push(0ms, "b");
    line.set(1ms, {{"coalesce", {{"delay", 2000}}, 1, 2}});
    EXPECT_EQ(line.pieces(1ms), texts{"ab"});
    line.push(2ms, "c");
    EXPECT_EQ(line.take(1000ms), "");
    line.set(1001ms, {});
    line.push(1001ms, "d");
    EXPECT_EQ(line.take(1001ms), "cd");
}

TEST(coalesce, is_the_opposite_of_slicer)
{
    toxic_line line{{"slicer", {{"average_size", 1}, {"delay", 1000}}},
                    {"coalesce", {{"size", 5}, {"delay", 100}}}};
    line.push(0ms, "0123456789");
    EXPECT_EQ(line.pieces(9ms), (texts{"01234", "56789"}));
}

TEST(coalesce, its_trigger_lets_off)
{
    trigger::rule rules;
    rules.times = 1;
    wanted toxic{"coalesce", {{"size", 2}, {"delay", 100}}};
    toxic.when = std::make_shared<trigger>(rules);
    toxic_line line(toxic);
    for (auto const* each : {"a", "b", "c", "d"})
        line.push(0ms, each);
    EXPECT_EQ(line.pieces(0ms), (texts{"ab", "c", "d"}));
}

}  // namespace
}  // namespace aconite::test
