#include "clients/experiment/load/latencies.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

TEST(latencies, of_none_are_zero)
{
    latencies const none;
    EXPECT_EQ(none.count(), 0U);
    EXPECT_EQ(none.at(0.5), 0ns);
    EXPECT_EQ(none.longest(), 0ns);
}

TEST(latencies, are_within_a_64th_of_what_they_were_and_never_shorter)
{
    for (auto time = 0ns; time < 24h; time = time * 21 / 20 + 1ns) {
        latencies one;
        one.add(time);
        one.add(48h);  // so that the longest one does not hide it
        EXPECT_GE(one.at(0.5), time);
        EXPECT_LE(one.at(0.5), time + time / 64) << time.count();
    }
    latencies edge;
    edge.add(-1ns);
    edge.add(duration::max());
    EXPECT_EQ(edge.at(0), 0ns);
    EXPECT_EQ(edge.at(1), duration::max());
}

TEST(latencies, have_the_shares_of_the_sorted_times)
{
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> like_servers(14, 2);  // around a millisecond
    std::vector<duration> times;
    latencies counted;
    for (int each = 0; each < 20'000; ++each) {
        times.emplace_back(static_cast<duration::rep>(like_servers(random)));
        counted.add(times.back());
    }
    std::ranges::sort(times);
    for (auto const share : {0.01, 0.5, 0.95, 0.99, 0.999}) {
        auto const is = times[static_cast<std::size_t>(std::llround(share * 20'000)) - 1];
        EXPECT_GE(counted.at(share), is) << share;
        EXPECT_LE(counted.at(share), is + is / 64) << share;
    }
    EXPECT_EQ(counted.at(1), times.back());
    EXPECT_EQ(counted.longest(), times.back());
}

TEST(latencies, of_parts_are_those_of_the_whole)
{
    latencies whole;
    latencies parts[3];
    for (int each = 1; each <= 3'000; ++each) {
        auto const time = each * each * 1us;
        whole.add(time);
        parts[each % 3].add(time);
    }
    latencies sum;
    for (auto const& each : parts)
        sum += each;
    EXPECT_EQ(sum.count(), whole.count());
    for (auto const share : {0.0, 0.1, 0.5, 0.9, 0.99, 1.0})
        EXPECT_EQ(sum.at(share), whole.at(share)) << share;
    sum += sum;
    EXPECT_EQ(sum.count(), 2 * whole.count());
    EXPECT_EQ(sum.at(0.5), whole.at(0.5));
}

}  // namespace
}  // namespace aconite::experiment
