#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(latency, holds_a_chunk_until_it_is_due)
{
    toxic_line line(wanted{"latency", {{"latency", 100}}});
    line.push(5ms, "ping");
    EXPECT_EQ(line.next(), 105ms);
    EXPECT_EQ(line.take(105ms - 1ns), "");
    EXPECT_EQ(line.take(105ms), "ping");
    EXPECT_EQ(line.next(), toxic_line::forever);
}

TEST(latency, delays_chunks_side_by_side)
{
    toxic_line line(wanted{"latency", {{"latency", 100}}});
    for (int i = 0; i < 2000; ++i)
        line.push(i * 10us, "x");
    EXPECT_EQ(line.take(100ms).size(), 1U);
    EXPECT_EQ(line.take(110ms).size(), 1000U);
    EXPECT_EQ(line.take(120ms).size(), 999U);
}

TEST(latency, serving_late_does_not_delay_what_comes_later)
{
    toxic_line line{{"latency", {{"latency", 100}}}, {"latency", {{"latency", 100}}}};
    line.push(0ms, "a");
    EXPECT_EQ(line.take(150ms), "");
    EXPECT_EQ(line.next(), 200ms);
    EXPECT_EQ(line.take(200ms), "a");
}

TEST(latency, zero_lets_data_pass_at_once)
{
    toxic_line line(wanted{"latency", {}});
    line.push(3ms, "a");
    EXPECT_EQ(line.take(3ms), "a");
}

TEST(latency, jitter_stays_within_its_bounds_and_reaches_both_halves)
{
    int early = 0;
    int late = 0;
    for (std::uint64_t key = 0; key < 1000; ++key) {
        wanted const toxic{"latency", {{"latency", 100}, {"jitter", 20}}, 1, 1, key};
        toxic_line line(toxic);
        line.push(0ms, "x");
        EXPECT_GE(line.next(), 80ms);
        EXPECT_LE(line.next(), 120ms);
        ++(line.next() < 100ms ? early : late);
    }
    EXPECT_GT(early, 400);
    EXPECT_GT(late, 400);
}

TEST(latency, jitter_larger_than_latency_never_goes_back_in_time)
{
    int at_once = 0;
    for (std::uint64_t key = 0; key < 400; ++key) {
        wanted const toxic{"latency", {{"latency", 10}, {"jitter", 100}}, 1, 1, key};
        toxic_line line(toxic);
        line.push(50ms, "x");
        EXPECT_GE(line.next(), 50ms);
        EXPECT_LE(line.next(), 160ms);
        at_once += line.next() == 50ms ? 1 : 0;
    }
    EXPECT_GT(at_once, 100);  // 45 % are expected
}

TEST(latency, jitter_keeps_the_order)
{
    toxic_line line(wanted{"latency", {{"latency", 50}, {"jitter", 50}}});
    std::string sent;
    for (int i = 0; i < 200; ++i) {
        std::string const text(1, static_cast<char>('a' + i % 26));
        sent += text;
        line.push(i * 1ms, text);
    }
    EXPECT_EQ(line.take(400ms), sent);
}

TEST(latency, the_same_key_draws_the_same_and_each_offset_anew)
{
    auto const times = [](std::uint64_t key) {
        wanted const toxic{"latency", {{"latency", 500}, {"jitter", 400}}, 1, 1, key};
        std::vector<std::chrono::nanoseconds> all;
        for (std::size_t skip = 1; skip <= 20; ++skip) {
            toxic_line line(toxic);
            line.push(0ms, std::string(skip, 'x'));
            line.take(1s);
            line.push(1s, "y");
            all.push_back(line.next());
        }
        return all;
    };
    EXPECT_EQ(times(1), times(1));
    EXPECT_NE(times(1), times(2));
    auto const drawn = times(1);
    EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), drawn.size());
}

TEST(latency, the_end_waits_for_the_data_and_no_longer)
{
    toxic_line line(wanted{"latency", {{"latency", 100}}});
    line.push(0ms, "last");
    line.end(10ms);
    EXPECT_EQ(line.take(99ms), "");
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.take(100ms), "last");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(latency, an_end_without_data_passes_at_once)
{
    toxic_line line(wanted{"latency", {{"latency", 100}}});
    line.end(10ms);
    line.take(10ms);
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(latency, an_update_lets_go_what_was_held_and_counts_anew)
{
    toxic_line line(wanted{"latency", {{"latency", 1000}}});
    line.push(0ms, "a");
    line.push(1ms, "b");
    line.set(10ms, {{"latency", {{"latency", 50}}, 1, 2}});
    EXPECT_EQ(line.take(10ms), "ab");
    line.push(20ms, "c");
    EXPECT_EQ(line.take(69ms), "");
    EXPECT_EQ(line.take(70ms), "c");
}

TEST(latency, removal_lets_go_in_order_ahead_of_new_data)
{
    toxic_line line(wanted{"latency", {{"latency", 1000}}});
    line.push(0ms, "a");
    line.push(1ms, "b");
    line.set(10ms, {});
    line.push(10ms, "c");
    EXPECT_EQ(line.take(10ms), "abc");
    EXPECT_TRUE(line.line.idle());
}

TEST(latency, the_longest_delay_saturates)
{
    toxic_line line(wanted{"latency", {{"latency", time_ms_max}, {"jitter", time_ms_max}}});
    line.push(0ms, "a");
    line.end(1ms);
    EXPECT_EQ(line.take(24h * 365), "");
    EXPECT_GT(line.next(), 24h * 365);
    line.set(24h * 366, {});
    EXPECT_EQ(line.take(24h * 366), "a");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(latency, a_distribution_shapes_the_delays)
{
    std::vector<double> delays;
    for (std::uint64_t key = 0; key < 4000; ++key) {
        toxic_line line(wanted{
            "latency", {{"latency", 100}, {"jitter", 10}, {"distribution", "normal"}}, 1, 1, key});
        line.push(0ms, "x");
        delays.push_back(std::chrono::duration<double, std::milli>(line.next()).count());
    }
    std::ranges::sort(delays);
    EXPECT_NEAR(delays[2000], 100, 1);
    EXPECT_NEAR(delays[3360], 110, 1);  // one deviation above: 84 %
    EXPECT_NEAR(delays[91], 80, 1.5);   // two below: 2.3 %
}

TEST(latency, a_table_is_added_to_the_latency)
{
    std::vector<double> delays;
    for (std::uint64_t key = 0; key < 4000; ++key) {
        toxic_line line(
            wanted{"latency",
                   {{"latency", 100}, {"table", named_numbers{{"p50", 5}, {"p99", 80}}}},
                   1,
                   1,
                   key});
        line.push(0ms, "x");
        delays.push_back(std::chrono::duration<double, std::milli>(line.next()).count());
    }
    std::ranges::sort(delays);
    EXPECT_NEAR(delays[2000], 105, 1.5);
    EXPECT_NEAR(delays[3960], 180, 4);
    EXPECT_EQ(delays.back(), 180);
}

/// Correlation of each delay with the next over a long stream.
double correlation_of(double wanted_correlation)
{
    constexpr int count = 20'000;
    toxic_line line(wanted{"latency",
                           {{"latency", 100},
                            {"jitter", 10},
                            {"distribution", "normal"},
                            {"correlation", wanted_correlation}}});
    std::vector<double> delays;
    for (int i = 0; i < count; ++i) {
        auto const at = i * 1s;
        line.push(at, "x");
        delays.push_back(std::chrono::duration<double, std::milli>(line.next() - at).count());
        line.take(at + 500ms);
    }
    double sum = 0;
    for (int i = 1; i < count; ++i)
        sum += (delays[i] - 100) * (delays[i - 1] - 100);
    return sum / count / 100;
}

TEST(latency, correlation_makes_a_delay_like_the_one_before)
{
    EXPECT_NEAR(correlation_of(0), 0, 0.03);
    EXPECT_NEAR(correlation_of(0.8), 0.8, 0.05);
}

TEST(latency, correlation_survives_an_update)
{
    auto const with = [](std::int64_t latency, std::uint64_t version) {
        return wanted{
            "latency", {{"latency", latency}, {"jitter", 10}, {"correlation", 1}}, 1, version};
    };
    toxic_line line(with(100, 1));
    line.push(0s, "x");
    auto const shift = line.next() - 100ms;
    line.set(1s, {with(300, 2)});
    line.push(2s, "y");
    EXPECT_EQ(line.take(1s), "x");
    EXPECT_NEAR((line.next() - 2300ms - shift).count(), 0, 1000);
}

TEST(latency, refuses_jitter_beside_a_table)
{
    EXPECT_THROW(spec_of({"latency", {{"jitter", 1}, {"table", named_numbers{{"p50", 5}}}}}),
                 std::runtime_error);
}

}  // namespace
}  // namespace aconite::test
