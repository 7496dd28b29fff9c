#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(limit_data, passes_exactly_so_many_bytes_and_closes_behind_the_last)
{
    toxic_line line(wanted{"limit_data", {{"bytes", 10}}});
    line.push(0ms, "012345");
    EXPECT_EQ(line.take(0ms), "012345");
    EXPECT_EQ(line.ended(), std::nullopt);
    line.push(1ms, "6789more");
    EXPECT_EQ(line.take(1ms), "6789");
    EXPECT_EQ(line.ended(), ending::close);
    line.push(2ms, "more");
    line.end(2ms);
    EXPECT_EQ(line.take(2ms), "");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(limit_data, closes_when_the_limit_is_met_without_a_byte_more)
{
    toxic_line line(wanted{"limit_data", {{"bytes", 4}}});
    line.push(0ms, "0123");
    EXPECT_EQ(line.take(0ms), "0123");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(limit_data, zero_closes_at_the_first_byte)
{
    toxic_line line(wanted{"limit_data", {}});
    line.take(1h);
    EXPECT_EQ(line.ended(), std::nullopt);
    line.push(2h, "x");
    EXPECT_EQ(line.take(2h), "");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(limit_data, an_end_before_the_limit_passes_as_it_is)
{
    toxic_line line(wanted{"limit_data", {{"bytes", 4}}});
    line.push(0ms, "abc");
    line.end(0ms);
    EXPECT_EQ(line.take(0ms), "abc");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(limit_data, the_count_survives_updates)
{
    toxic_line line(wanted{"limit_data", {{"bytes", 10}}});
    line.push(0ms, "01234");
    line.set(1ms, {{"limit_data", {{"bytes", 8}}, 1, 2}});
    line.set(2ms, {{"limit_data", {{"bytes", 7}}, 1, 3}});
    line.push(3ms, "56789");
    EXPECT_EQ(line.take(3ms), "0123456");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(limit_data, a_limit_below_the_count_closes_at_the_next_byte)
{
    toxic_line line(wanted{"limit_data", {{"bytes", 10}}});
    line.push(0ms, "01234");
    line.set(1ms, {{"limit_data", {{"bytes", 3}}, 1, 2}});
    EXPECT_EQ(line.take(1ms), "01234");
    EXPECT_EQ(line.ended(), std::nullopt);
    line.push(2ms, "5");
    EXPECT_EQ(line.take(2ms), "");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(limit_data, the_count_starts_anew_when_added_again)
{
    toxic_line line(wanted{"limit_data", {{"bytes", 6}}});
    line.push(0ms, "01234");
    line.set(1ms, {});
    EXPECT_EQ(line.take(1ms), "01234");
    line.set(2ms, {{"limit_data", {{"bytes", 6}}, 2}});
    line.push(3ms, "5678");
    EXPECT_EQ(line.take(3ms), "5678");
    EXPECT_EQ(line.ended(), std::nullopt);
}

TEST(limit_data, the_largest_limit_is_no_limit)
{
    toxic_line line(wanted{"limit_data", {{"bytes", std::numeric_limits<std::int64_t>::max()}}});
    line.push(0ms, "abc");
    EXPECT_EQ(line.take(0ms), "abc");
    EXPECT_EQ(line.ended(), std::nullopt);
}

}  // namespace
}  // namespace aconite::test
