#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

TEST(chain, an_empty_one_passes_everything_at_once)
{
    toxic_line line;
    EXPECT_TRUE(line.line.idle());
    line.push(0ms, "a");
    line.end(0ms);
    EXPECT_EQ(line.take(0ms), "a");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(chain, noop_passes_everything_at_once)
{
    toxic_line line(wanted{"noop", {}});
    line.push(1ms, "a");
    line.end(1ms);
    EXPECT_EQ(line.take(1ms), "a");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(chain, two_latencies_add_up)
{
    toxic_line line{{"latency", {{"latency", 100}}}, {"latency", {{"latency", 50}}}};
    line.push(0ms, "a");
    line.end(0ms);
    EXPECT_EQ(line.take(150ms - 1ns), "");
    EXPECT_EQ(line.take(150ms), "a");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(chain, bandwidth_behind_latency_starts_when_the_data_arrives)
{
    toxic_line line{{"latency", {{"latency", 100}}}, {"bandwidth", {{"rate", 1}}}};
    line.push(0ms, std::string(20, 'x'));
    EXPECT_EQ(line.take(101ms), "");
    EXPECT_EQ(line.take(102ms).size(), 2U);
    EXPECT_EQ(line.take(120ms).size(), 18U);
}

TEST(chain, latency_behind_slicer_keeps_pieces_and_pauses)
{
    toxic_line line{{"slicer", {{"average_size", 2}, {"delay", 1000}}},
                    {"latency", {{"latency", 10}}}};
    line.push(0ms, "aabb");
    EXPECT_EQ(line.pieces(10ms), texts{"aa"});
    EXPECT_EQ(line.pieces(11ms - 1ns), texts{});
    EXPECT_EQ(line.pieces(11ms), texts{"bb"});
}

TEST(chain, limit_data_counts_what_reaches_it)
{
    toxic_line line{{"latency", {{"latency", 10}}}, {"limit_data", {{"bytes", 3}}}};
    line.push(0ms, "abcdef");
    line.take(9ms);
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.take(10ms), "abc");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(chain, an_added_toxic_acts_on_new_data_only)
{
    toxic_line line;
    line.push(0ms, "old");
    line.set(1ms, {{"latency", {{"latency", 100}}}});
    line.push(2ms, "new");
    EXPECT_EQ(line.take(2ms), "old");
    EXPECT_EQ(line.take(102ms), "new");
}

TEST(chain, what_one_toxic_lets_go_passes_the_others)
{
    toxic_line line{{"latency", {{"latency", 1000}}}, {"latency", {{"latency", 20}}}};
    line.push(0ms, "a");
    line.set(10ms, {{"latency", {{"latency", 20}}, 2}});
    EXPECT_EQ(line.take(30ms - 1ns), "");
    EXPECT_EQ(line.take(30ms), "a");
}

}  // namespace
}  // namespace aconite::test
