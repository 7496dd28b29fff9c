#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(bandwidth, the_first_bytes_wait_for_their_turn)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 1}}});  // a byte each ms
    line.push(0ms, "12345");
    EXPECT_EQ(line.take(2ms - 1ns), "");
    EXPECT_EQ(line.take(2ms), "12");
    EXPECT_EQ(line.take(5ms - 1ns), "34");
    EXPECT_EQ(line.take(5ms), "5");
}

TEST(bandwidth, lets_two_milliseconds_worth_pass_at_a_time)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 10}}});
    line.push(0ms, std::string(50, 'x'));
    EXPECT_EQ(line.take(2ms - 1ns).size(), 0U);
    EXPECT_EQ(line.take(2ms).size(), 20U);
    EXPECT_EQ(line.take(4ms).size(), 20U);
    EXPECT_EQ(line.take(5ms - 1ns).size(), 0U);
    EXPECT_EQ(line.take(5ms).size(), 10U);
}

TEST(bandwidth, keeps_fifty_milliseconds_worth_in_reserve)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 100'000}}});
    std::size_t taken_in = 0;
    for (; line.line.accepts(); taken_in += 65'536)
        line.push(0ms, std::string(65'536, 'x'));
    EXPECT_GE(taken_in, 4'900'000U);
    EXPECT_LE(taken_in, 5'100'000U);
}

TEST(bandwidth, a_pause_earns_no_credit)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 1}}});
    line.push(0ms, "a");
    EXPECT_EQ(line.take(1s), "a");
    line.push(10s, std::string(20, 'b'));
    EXPECT_EQ(line.take(10s + 1ms), "");
    EXPECT_EQ(line.take(10s + 2ms).size(), 2U);
    EXPECT_EQ(line.take(10s + 20ms).size(), 18U);
}

TEST(bandwidth, chunks_share_one_rate)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 1}}});
    for (int i = 0; i < 10; ++i)
        line.push(0ms, "x");
    EXPECT_EQ(line.take(3ms).size(), 3U);
    EXPECT_EQ(line.take(9ms).size(), 6U);
    EXPECT_EQ(line.take(10ms).size(), 1U);
}

/// How many bytes pass in `length` with a sender that is always ready.
std::uint64_t passed_in(std::chrono::nanoseconds length, std::int64_t rate_kb,
                        std::size_t chunk_bytes)
{
    time_point const start{std::chrono::hours(1)};
    pipeline line;
    line.apply({spec_of({"bandwidth", {{"rate", rate_kb}}})}, start);
    auto const chunk = slice::copy_of(std::string(chunk_bytes, 'x'));
    std::uint64_t passed = 0;
    auto now = start;
    while (now <= start + length) {
        while (line.accepts())
            line.push(chunk, now);
        line.advance(now);
        while (!line.front().empty()) {
            passed += line.front().size();
            line.consume(line.front().size());
        }
        now = line.accepts() ? now : line.next_due();
    }
    return passed;
}

TEST(bandwidth, is_exact_over_ten_seconds_at_every_rate)
{
    for (std::int64_t const rate : {10, 333, 1000, 7919, 100'000, 999'983, 1'000'000}) {
        for (std::size_t const chunk : {1448U, 65536U}) {
            if (rate > 100'000 && chunk < 65536U)
                continue;  // millions of chunks say no more than thousands
            auto const expected = static_cast<double>(rate) * 1000.0 * 10.0;
            auto const passed = static_cast<double>(passed_in(10s, rate, chunk));
            // A slice counts when it is through as a whole: at most one is missing.
            auto const slice =
                std::min(static_cast<double>(rate) * 10.0, static_cast<double>(chunk));
            EXPECT_LE(passed, expected) << rate << " KB/s in chunks of " << chunk;
            EXPECT_GE(passed, expected * 0.9999 - slice) << rate << " KB/s, " << chunk;
        }
    }
}

TEST(bandwidth, rounding_does_not_add_up)
{
    // At 7 KB/s a byte takes 142 857.14 ns: ten million lost fractions would be 1.4 ms.
    toxic_line line(wanted{"bandwidth", {{"rate", 7}}});
    for (int i = 0; i < 700; ++i)
        line.push(0ms, std::string(100, 'x'));
    EXPECT_EQ(line.take(10s - 1ns).size(), 70'000U - 2U);
    EXPECT_EQ(line.take(10s).size(), 2U);
}

TEST(bandwidth, rate_zero_lets_nothing_pass_and_closes_nothing)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 0}}});
    line.push(0ms, "held");
    line.end(1ms);
    EXPECT_EQ(line.take(24h), "");
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.next(), toxic_line::forever);
    line.set(25h, {{"bandwidth", {{"rate", 1}}, 1, 2}});
    EXPECT_EQ(line.take(25h), "held");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(bandwidth, rate_zero_stops_the_reader)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 0}}});
    while (line.line.accepts())
        line.push(0ms, std::string(1000, 'x'));
    EXPECT_LE(line.line.held_bytes(), 64U * 1024U + 1000U);
    EXPECT_GE(line.line.held_bytes(), 50'000U);
}

TEST(bandwidth, an_update_lets_go_and_counts_anew)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 1}}});
    line.push(0ms, std::string(10'000, 'a'));
    EXPECT_EQ(line.take(100ms).size(), 100U);
    line.set(100ms, {{"bandwidth", {{"rate", 2}}, 1, 2}});
    EXPECT_EQ(line.take(100ms).size(), 9900U);
    line.push(100ms, "12");
    EXPECT_EQ(line.take(101ms - 1ns), "");
    EXPECT_EQ(line.take(101ms), "12");
}

TEST(bandwidth, the_end_follows_the_last_byte)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 1}}});
    line.push(0ms, "12345");
    line.end(1ms, ending::close);
    EXPECT_EQ(line.take(4ms), "1234");
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.take(5ms), "5");
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(bandwidth, a_burst_passes_at_once_and_is_earned_anew)
{
    toxic_line line(wanted{"bandwidth", {{"rate", 1}, {"burst", 100}}});
    line.push(0ms, std::string(103, 'x'));
    EXPECT_EQ(line.take(0ms).size(), 100U);
    EXPECT_EQ(line.take(3ms - 1ns).size(), 2U);
    EXPECT_EQ(line.take(3ms).size(), 1U);
    // 50 ms of pause are worth 50 bytes, an hour no more than the burst.
    line.push(53ms, std::string(52, 'x'));
    EXPECT_EQ(line.take(53ms).size(), 50U);
    EXPECT_EQ(line.take(55ms).size(), 2U);
    line.push(1h, std::string(200, 'x'));
    EXPECT_EQ(line.take(1h).size(), 100U);
    EXPECT_EQ(line.take(1h + 100ms - 1ns).size(), 98U);
    EXPECT_EQ(line.take(1h + 100ms).size(), 2U);
}

TEST(bandwidth, a_burst_is_whole_soon_after_the_clock_began)
{
    pipeline line;
    time_point const soon{1s};
    line.apply({spec_of({"bandwidth", {{"rate", 1}, {"burst", 1'000'000'000}}})}, soon);
    line.push(slice::copy_of(std::string(60'000, 'x')), soon);
    line.advance(soon);
    std::size_t passed = 0;
    for (; !line.front().empty(); line.consume(line.front().size()), line.advance(soon))
        passed += line.front().size();
    EXPECT_EQ(passed, 60'000U);
}

TEST(bandwidth, what_passes_at_once_arrived_behind_it_when_it_passed)
{
    toxic_line line{{"bandwidth", {{"rate", 1}, {"burst", 100}}}, {"latency", {{"latency", 10}}}};
    line.push(1s, "x");
    EXPECT_EQ(line.take(1s + 10ms - 1ns), "");
    EXPECT_EQ(line.take(1s + 10ms), "x");
}

TEST(bandwidth, is_left_to_the_pacer_only_where_that_does_the_same)
{
    auto const paced = [](attribute_list const& attributes) {
        auto const spec = spec_of({"bandwidth", attributes});
        return spec.type->rate(spec.values);
    };
    EXPECT_EQ(paced({{"rate", 200'000}}), 200'000'000U);
    EXPECT_EQ(paced({{"rate", 200'000}, {"shared", false}}), 200'000'000U);
    EXPECT_EQ(paced({{"rate", 200'000}, {"shared", true}}), 0U);
    EXPECT_EQ(paced({{"rate", 200'000}, {"burst", 1}}), 0U);
}

TEST(bandwidth, the_highest_rate_does_not_overflow)
{
    auto const passed = passed_in(50us, 1'000'000'000, 65536);  // a TB/s
    EXPECT_LE(passed, 50'000'000U);
    EXPECT_GE(passed, 50'000'000U - 65536U);
}

}  // namespace
}  // namespace aconite::test
