#include "proxy/record/meters.hpp"

#include <gtest/gtest.h>

namespace aconite {
namespace {

using namespace std::chrono_literals;

TEST(meters, count_durations_by_their_upper_bound)
{
    duration_meter meter;
    meter.add(100us);
    meter.add(101us);
    meter.add(61s);
    auto const told = meter.value();
    EXPECT_EQ(told.counts.front(), 1U);
    EXPECT_EQ(told.counts[1], 1U);
    EXPECT_EQ(told.counts.back(), 1U);
    EXPECT_EQ(told.count(), 3U);
    EXPECT_EQ(told.sum, 61s + 201us);
}

TEST(meters, exist_where_something_is_counted)
{
    sharded<toxic_meter> all(3);
    int seen = 0;
    auto const look = [&](toxic_meter const&) { ++seen; };
    all.each(look);
    EXPECT_EQ(seen, 0);
    all.of(1).hits.add(1);
    all.of(1).hits.add(1);
    all.each(look);
    EXPECT_EQ(seen, 1);
    EXPECT_EQ(all.of(1).hits.value(), 2U);
}

TEST(meters, of_all_shards_make_one_sum)
{
    sharded<toxic_meter> all(3);
    auto const now = std::chrono::steady_clock::now();
    all.of(0).hit(now - 10s, 2, false);
    all.of(2).hit(now - 20s, 1, false);
    all.of(2).hit(now - 5s, 4, false);
    all.of(1).bytes.add(100);
    all.of(2).bytes.add(1);
    all.of(1).connections.add(3);
    toxic_stats sum;
    read(all, {}, sum);
    EXPECT_EQ(sum.hits, 7U);
    EXPECT_EQ(sum.bytes, 101U);
    EXPECT_EQ(sum.connections, 3U);
    EXPECT_EQ(*sum.last_hit - *sum.first_hit, 15s);
}

TEST(meters, without_a_hit_have_no_time_of_it)
{
    sharded<toxic_meter> all(2);
    toxic_stats sum;
    read(all, {}, sum);
    EXPECT_FALSE(sum.first_hit);
    EXPECT_FALSE(sum.last_hit);
}

}  // namespace
}  // namespace aconite
