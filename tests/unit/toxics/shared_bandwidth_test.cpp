#include "toxics/shared_bandwidth.hpp"

#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

wanted shared(std::int64_t rate_kb, std::int64_t burst_bytes = 0)
{
    return {"bandwidth", {{"rate", rate_kb}, {"shared", true}, {"burst", burst_bytes}}};
}

/// Connections of one toxic whose senders always have more, on a clock of their own.
class busy_connections {
public:
    /// `shards` threads serve them, each late by up to `late_max`.
    busy_connections(std::int64_t rate_kb, unsigned shards = 1, duration late_max = 0ns)
        : spec_(spec_of(shared(rate_kb))), shards_(shards), late_ns_(0, late_max.count())
    {}

    void connect(std::size_t chunk_bytes = 65'536)
    {
        auto made = std::make_unique<connection>();
        made->chunk = slice::copy_of(std::string(chunk_bytes, 'x'));
        made->shard = all_.size() % shards_;
        made->line.apply({spec_}, now_);
        serve(*made);
        all_.push_back(std::move(made));
    }

    /// The one that has been there longest goes, with all that it holds.
    void disconnect()
    {
        all_.front()->line.abandon(now_);
        all_.erase(all_.begin());
    }

    void run(duration length)
    {
        for (auto const until = now_ + length; now_ < until;) {
            auto const next = std::ranges::min_element(all_, {}, &connection::served_at);
            now_ = std::min(until, std::max(now_, (*next)->served_at));
            if ((*next)->served_at <= now_)
                serve(**next);
        }
    }

    [[nodiscard]] std::uint64_t passed() const { return passed_; }

    /// Jain's index of what each got: 1 if all got the same.
    [[nodiscard]] double fairness() const
    {
        double sum = 0;
        double squares = 0;
        for (auto const& each : all_) {
            auto const share = static_cast<double>(each->passed);
            sum += share;
            squares += share * share;
        }
        return sum * sum / (static_cast<double>(all_.size()) * squares);
    }

    void forget_what_passed()
    {
        passed_ = 0;
        for (auto const& each : all_)
            each->passed = 0;
    }

    [[nodiscard]] std::size_t held_max() const { return held_max_; }
    [[nodiscard]] std::size_t served() const { return served_; }

private:
    struct connection {
        pipeline line;
        slice chunk;
        std::size_t shard = 0;
        std::uint64_t passed = 0;
        time_point served_at{};
    };

    void serve(connection& c)
    {
        ++served_;
        for (bool more = true; more;) {
            c.line.advance(now_);
            while (!c.line.front().empty()) {
                passed_ += c.line.front().size();
                c.passed += c.line.front().size();
                c.line.consume(c.line.front().size());
            }
            more = c.line.accepts();
            if (more)
                c.line.push(c.chunk, now_);
        }
        held_max_ = std::max(held_max_, c.line.held_bytes());
        c.served_at = c.line.next_due() + std::chrono::nanoseconds(late_ns_(dice_));
    }

    stage_spec spec_;
    unsigned shards_;
    std::mt19937_64 dice_{1};
    std::uniform_int_distribution<std::int64_t> late_ns_;
    std::vector<std::unique_ptr<connection>> all_;
    time_point now_{1000h};
    std::uint64_t passed_ = 0;
    std::size_t held_max_ = 0;
    std::size_t served_ = 0;
};

double bytes_in(duration span, std::int64_t rate_kb)
{
    return static_cast<double>(rate_kb) * 1e3 * std::chrono::duration<double>(span).count();
}

TEST(shared_bandwidth, gives_one_connection_the_whole_rate)
{
    for (std::int64_t const rate : {10, 333, 1000, 7919, 50'000, 999'983}) {
        busy_connections c(rate);
        c.connect();
        c.run(10s);
        auto const piece = std::max(1448.0, bytes_in(2ms, rate));
        EXPECT_LE(static_cast<double>(c.passed()), bytes_in(10s, rate)) << rate;
        EXPECT_GE(static_cast<double>(c.passed()), bytes_in(10s, rate) - piece - 1) << rate;
    }
}

TEST(shared_bandwidth, divides_the_rate_evenly_however_late_the_threads_are)
{
    for (std::int64_t const rate : {1000, 50'000}) {
        for (auto const late : {0us, 200us, 5000us}) {
            busy_connections c(rate, 4, late);
            for (int i = 0; i < 50; ++i)
                c.connect(i % 2 == 0 ? 65'536 : 1448);
            c.run(1s);
            c.forget_what_passed();
            c.run(20s);
            EXPECT_NEAR(static_cast<double>(c.passed()) / bytes_in(20s, rate), 1, 0.001)
                << rate << " KB/s, late by up to " << late.count() << " us";
            EXPECT_GE(c.fairness(), 0.999);
        }
    }
}

TEST(shared_bandwidth, wakes_up_once_for_each_piece)
{
    busy_connections c(1000);
    for (int i = 0; i < 50; ++i)
        c.connect();
    c.run(10s);
    EXPECT_LE(c.served(), 5000U + 50U);  // 2 ms each
}

TEST(shared_bandwidth, goes_on_without_a_gap_while_connections_come_and_go)
{
    busy_connections c(1000, 4, 100us);
    for (int i = 0; i < 10; ++i)
        c.connect();
    for (int i = 0; i < 200; ++i) {
        c.run(50ms);
        c.disconnect();
        c.connect();
    }
    // Who leaves gives its piece back, but for what of it was on the line by then.
    EXPECT_LE(static_cast<double>(c.passed()), bytes_in(10s, 1000));
    EXPECT_GE(static_cast<double>(c.passed()), bytes_in(10s, 1000) * 0.99);
    c.forget_what_passed();
    while (c.passed() == 0)
        c.run(1ms);
    c.run(10s);
    EXPECT_GE(c.fairness(), 0.99);
}

TEST(shared_bandwidth, those_who_are_gone_take_no_time)
{
    busy_connections c(10);
    for (int i = 0; i < 200; ++i) {
        c.connect(1448);
        c.disconnect();
    }
    c.connect(1448);
    c.run(1s);
    EXPECT_GE(static_cast<double>(c.passed()), bytes_in(1s, 10) - 1448);
}

TEST(shared_bandwidth, holds_no_more_than_the_reserve_of_each)
{
    busy_connections c(1000);
    for (int i = 0; i < 50; ++i)
        c.connect(16'384);
    c.run(5s);
    EXPECT_LE(c.held_max(), 65'536U + 16'384U);
    EXPECT_GE(c.held_max(), 60'000U);
}

/// Several lines with one toxic; each test says what arrives where.
class shared_lines {
public:
    shared_lines(std::size_t count, wanted const& toxic) : lines(count), spec_(spec_of(toxic))
    {
        for (auto& each : lines)
            each.line.apply({spec_}, time_point{1000h});
    }

    std::vector<toxic_line> lines;

private:
    stage_spec spec_;
};

TEST(shared_bandwidth, a_message_waits_one_piece_of_each_busy_connection)
{
    shared_lines s(4, shared(1000));  // 2000 bytes are a piece, of 2 ms
    for (int i = 0; i < 3; ++i)
        s.lines[static_cast<std::size_t>(i)].push(0ms, std::string(60'000, 'x'));
    auto& message = s.lines[3];
    message.push(0ms, std::string(100, 'm'));
    EXPECT_EQ(message.take(6100us - 1ns), "");
    EXPECT_EQ(message.take(6100us).size(), 100U);
    EXPECT_EQ(s.lines[0].take(6100us).size(), 2000U);
    EXPECT_EQ(s.lines[2].take(6100us).size(), 2000U);
}

TEST(shared_bandwidth, waits_for_its_turn_without_a_burst)
{
    shared_lines s(2, shared(1));
    s.lines[0].push(0ms, "1234567890");
    s.lines[1].push(1s, "1234567890");
    EXPECT_EQ(s.lines[0].take(10ms - 1ns), "");
    EXPECT_EQ(s.lines[0].take(10ms).size(), 10U);
    EXPECT_EQ(s.lines[1].take(1s + 10ms - 1ns), "");
    EXPECT_EQ(s.lines[1].take(1s + 10ms).size(), 10U);
}

TEST(shared_bandwidth, small_chunks_make_up_one_piece)
{
    shared_lines s(2, shared(1000));
    for (int i = 0; i < 100; ++i) {
        s.lines[0].push(0ms, std::string(100, 'x'));
        s.lines[1].push(0ms, std::string(100, 'y'));
    }
    // Each had 100 bytes when it asked first; from then on a piece is 2000.
    EXPECT_EQ(s.lines[0].take(100us).size(), 100U);
    EXPECT_EQ(s.lines[1].take(200us).size(), 100U);
    EXPECT_EQ(s.lines[0].take(2200us - 1ns).size(), 0U);
    EXPECT_EQ(s.lines[0].take(2200us).size(), 2000U);
    EXPECT_EQ(s.lines[1].take(4200us).size(), 2000U);
}

TEST(shared_bandwidth, a_late_thread_leaves_no_gap)
{
    shared_lines s(1, shared(1));
    s.lines[0].push(0ms, std::string(20'000, 'x'));
    EXPECT_EQ(s.lines[0].take(15s).size(), 10U * 1448U);
    EXPECT_EQ(s.lines[0].next(), 11 * 1448ms);
}

TEST(shared_bandwidth, rounding_does_not_add_up)
{
    // At 7 KB/s a byte takes 142 857.14 ns.
    shared_lines s(1, shared(7));
    auto now = toxic_line::time::zero();
    for (int i = 0; i < 70'000; ++i) {
        s.lines[0].push(now, "x");
        now = s.lines[0].next();
        ASSERT_EQ(s.lines[0].take(now), "x");
    }
    EXPECT_EQ(now, 10s);
}

TEST(shared_bandwidth, a_burst_passes_at_once_and_is_earned_anew)
{
    shared_lines s(2, shared(1000, 10'000));
    s.lines[0].push(0ms, std::string(6000, 'x'));
    s.lines[1].push(0ms, std::string(4000, 'x'));
    EXPECT_EQ(s.lines[0].take(0ms).size(), 6000U);
    EXPECT_EQ(s.lines[1].take(0ms).size(), 4000U);
    s.lines[0].push(0ms, std::string(1000, 'x'));
    EXPECT_EQ(s.lines[0].take(1ms - 1ns), "");
    EXPECT_EQ(s.lines[0].take(1ms).size(), 1000U);
    // 5 ms of pause are worth 5000 bytes, an hour no more than the burst.
    s.lines[1].push(6ms, std::string(5000, 'x'));
    EXPECT_EQ(s.lines[1].take(6ms).size(), 5000U);
    s.lines[1].push(1h, std::string(12'000, 'x'));
    EXPECT_EQ(s.lines[1].take(1h).size(), 10'000U);
    EXPECT_EQ(s.lines[1].take(1h + 2ms - 1ns), "");
    EXPECT_EQ(s.lines[1].take(1h + 2ms).size(), 2000U);
}

TEST(shared_bandwidth, the_end_follows_the_last_byte)
{
    shared_lines s(1, shared(1));
    s.lines[0].push(0ms, std::string(2000, 'x'));
    s.lines[0].end(1ms);
    EXPECT_EQ(s.lines[0].take(2s - 1ns).size(), 1448U);
    EXPECT_EQ(s.lines[0].ended(), std::nullopt);
    EXPECT_EQ(s.lines[0].take(2s).size(), 552U);
    EXPECT_EQ(s.lines[0].ended(), ending::half_close);
}

TEST(shared_bandwidth, an_update_lets_go_and_counts_anew)
{
    toxic_line line(shared(1));
    line.push(0ms, std::string(5000, 'x'));
    auto faster = shared(2);
    faster.version = 2;
    line.set(1s, {faster});
    EXPECT_EQ(line.take(1s).size(), 5000U);
    line.push(1s, std::string(10, 'y'));
    EXPECT_EQ(line.take(1s + 5ms - 1ns), "");
    EXPECT_EQ(line.take(1s + 5ms).size(), 10U);
}

TEST(shared_bandwidth, a_removal_lets_go)
{
    toxic_line line(shared(1));
    line.push(0ms, std::string(5000, 'x'));
    line.end(0ms);
    line.set(1ms, {});
    EXPECT_EQ(line.take(1ms).size(), 5000U);
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(shared_bandwidth, rate_zero_lets_nothing_pass_not_even_a_burst)
{
    for (bool const together : {false, true}) {
        toxic_line line(wanted{"bandwidth", {{"shared", together}, {"burst", 1000}}});
        line.push(0ms, "held");
        line.end(0ms);
        EXPECT_EQ(line.take(24h), "");
        EXPECT_EQ(line.ended(), std::nullopt);
    }
}

TEST(shared_bandwidth, threads_reserve_one_after_another)
{
    toxics::shared_line line(0ns);
    time_point const start{1000h};
    std::vector<time_point> ends(4);
    {
        std::vector<std::jthread> threads;
        for (auto& last : ends)
            threads.emplace_back([&] {
                for (int i = 0; i < 100'000; ++i)
                    last = line.reserve(start, 7ns);
            });
    }
    EXPECT_EQ(std::ranges::max(ends), start + 4 * 100'000 * 7ns);
}

}  // namespace
}  // namespace aconite::test
