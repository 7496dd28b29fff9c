// When a toxic acts: every toxic asks, the trigger answers.
#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

wanted on(trigger::rule const& rule, std::string type, attribute_list attributes)
{
    wanted made{std::move(type), std::move(attributes)};
    made.when = std::make_shared<trigger>(rule);
    return made;
}

TEST(trigger, counts_hits_after_the_first_every_nth_so_many_times)
{
    trigger when({.after_hits = 2, .every = 3, .times = 2});
    std::string acted;
    std::uint64_t own = 0;
    for (int i = 0; i < 14; ++i)
        acted += when.hit(own) ? '!' : '.';
    EXPECT_EQ(acted, "....!..!......");
}

TEST(trigger, counts_for_all_connections_together_or_for_each)
{
    trigger together({.times = 1});
    trigger each({.times = 1, .per_connection = true});
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    EXPECT_TRUE(together.hit(first));
    EXPECT_FALSE(together.hit(second));
    EXPECT_TRUE(each.hit(first));
    EXPECT_FALSE(each.hit(first));
    EXPECT_TRUE(each.hit(second));
}

TEST(trigger, a_toxic_starts_at_the_very_byte)
{
    toxic_line line(on({.after_bytes = 5}, "latency", {{"latency", 100}}));
    line.push(0ms, "012");
    EXPECT_EQ(line.take(0ms), "012");
    line.push(1ms, "34567");
    EXPECT_EQ(line.take(1ms), "34");
    EXPECT_EQ(line.next(), 101ms);
    EXPECT_EQ(line.take(101ms), "567");
}

TEST(trigger, a_toxic_starts_at_its_time_without_data)
{
    toxic_line line(on({.after = 50ms}, "limit_time", {{"time", 20}}));
    line.push(10ms, "early");
    EXPECT_EQ(line.take(10ms), "early");
    EXPECT_EQ(line.next(), 50ms);
    line.take(50ms);
    EXPECT_EQ(line.next(), 70ms);
    line.take(70ms);
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(trigger, time_and_bytes_have_both_to_be_reached)
{
    toxic_line line(on({.after = 50ms, .after_bytes = 4}, "stall", {}));
    line.push(0ms, "01234567");
    EXPECT_EQ(line.take(0ms), "01234567") << "the time was not reached";
    line.push(50ms, "held");
    EXPECT_EQ(line.take(1h), "");

    toxic_line slow(on({.after = 50ms, .after_bytes = 4}, "stall", {}));
    slow.take(60ms);
    slow.push(70ms, "0123held");
    EXPECT_EQ(slow.take(1h), "0123");
}

TEST(trigger, what_waits_for_its_start_takes_data_in)
{
    toxic_line line({wanted{"noop", {}}, on({.after_bytes = 5}, "stall", {})});
    EXPECT_TRUE(line.line.accepts());
    line.push(0ms, "0123456");
    EXPECT_EQ(line.take(0ms), "01234");

    toxic_line first(on({.after = 1h}, "stall", {}));
    EXPECT_TRUE(first.line.accepts());
}

TEST(trigger, an_end_before_the_toxic_started_passes)
{
    toxic_line line(on({.after_bytes = 10}, "slow_close", {{"delay", 1000}}));
    line.push(0ms, "x");
    line.end(0ms);
    EXPECT_EQ(line.take(0ms), "x");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(trigger, what_waits_keeps_its_place_when_attributes_change)
{
    auto toxic = on({.after_bytes = 5}, "latency", {{"latency", 100}});
    toxic_line line(toxic);
    line.push(0ms, "0123");
    toxic.attributes = {{"latency", 10}};
    toxic.version = 2;
    line.set(1ms, {toxic});
    line.push(1ms, "45");
    EXPECT_EQ(line.take(1ms), "01234");
    EXPECT_EQ(line.take(11ms), "5");
    line.set(12ms, {});
    EXPECT_TRUE(line.line.idle());
}

TEST(trigger, latency_delays_so_many_messages)
{
    toxic_line line(on({.after_hits = 1, .times = 1}, "latency", {{"latency", 100}}));
    line.push(0ms, "a");
    EXPECT_EQ(line.take(0ms), "a");
    line.push(1ms, "b");
    EXPECT_EQ(line.take(1ms), "");
    line.push(2ms, "c");
    EXPECT_EQ(line.take(100ms), "") << "nothing overtakes";
    EXPECT_EQ(line.take(101ms), "bc");
}

TEST(trigger, slicer_cuts_so_many_messages)
{
    toxic_line line(on({.times = 1}, "slicer", {{"average_size", 2}, {"delay", 0}}));
    line.push(0ms, "abcd");
    line.push(0ms, "efgh");
    EXPECT_EQ(line.pieces(0ms), (std::vector<std::string>{"ab", "cd", "efgh"}));
}

TEST(trigger, corrupt_flips_so_many_bits)
{
    toxic_line line(on({.after_hits = 2, .times = 3}, "corrupt", {{"rate", 1.0}}));
    line.push(0ms, "00000000");
    auto const got = line.take(0ms);
    std::string where;
    for (char const c : got)
        where += c == '0' ? '.' : '!';
    EXPECT_EQ(where, "..!!!...");
}

TEST(trigger, loss_loses_so_many_segments)
{
    toxic_line line(on({.after_hits = 1, .times = 1}, "loss",
                       {{"rate", 1.0}, {"segment", 1}, {"fast_retransmit", 0}}));
    line.push(0ms, "a");
    EXPECT_EQ(line.take(0ms), "a");
    line.push(1ms, "b");
    line.push(2ms, "c");
    EXPECT_EQ(line.take(200ms), "");
}

TEST(trigger, timeout_spares_a_connection_for_good)
{
    toxic_line line(on({.after_hits = 1}, "timeout", {{"timeout", 100}}));
    line.push(0ms, "a");
    line.push(1ms, "b");
    EXPECT_EQ(line.take(1h), "ab");
    EXPECT_EQ(line.ended(), std::nullopt);
    line.set(2h, {});
    line.take(2h);
    EXPECT_EQ(line.ended(), std::nullopt);
}

TEST(trigger, reset_peer_spares_a_connection_for_good)
{
    toxic_line line(on({.after_hits = 1}, "reset_peer", {}));
    line.push(0ms, "a");
    line.end(1ms);
    EXPECT_EQ(line.take(1h), "a");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(trigger, stall_and_limits_spare_a_connection_for_good)
{
    for (auto const& type : {"stall", "limit_data", "limit_time"}) {
        toxic_line line(on({.after_hits = 1}, type, {}));
        line.push(0ms, "a");
        line.push(1ms, "b");
        EXPECT_EQ(line.take(1h), "ab") << type;
        EXPECT_EQ(line.ended(), std::nullopt) << type;
    }
}

TEST(trigger, bandwidth_spares_a_connection_for_good)
{
    for (bool const shared : {false, true}) {
        toxic_line line(on({.after_hits = 1}, "bandwidth", {{"rate", 1}, {"shared", shared}}));
        line.push(0ms, std::string(5000, 'x'));
        line.push(0ms, std::string(5000, 'x'));
        EXPECT_EQ(line.take(0ms).size(), 10'000U) << shared;
    }
}

TEST(trigger, the_answer_for_a_connection_outlives_updates_but_not_a_new_trigger)
{
    auto toxic = on({.times = 1}, "stall", {});
    toxic_line line(toxic);
    toxic_line other(toxic);
    line.push(0ms, "a");
    other.push(0ms, "b");
    EXPECT_EQ(line.take(0ms), "");
    EXPECT_EQ(other.take(0ms), "b");

    toxic.version = 2;
    toxic.attributes = {{"duration", 10}};
    line.set(1ms, {toxic});
    other.set(1ms, {toxic});
    line.push(1ms, "c");
    other.push(1ms, "d");
    EXPECT_EQ(line.take(1ms), "a") << "an update lets go";
    EXPECT_EQ(other.take(1ms), "d");
    EXPECT_EQ(line.take(11ms), "c");

    toxic.version = 3;
    toxic.when = std::make_shared<trigger>(trigger::rule{.times = 2});
    other.set(20ms, {toxic});
    other.push(20ms, "e");
    EXPECT_EQ(other.take(20ms), "");
}

TEST(trigger, what_began_to_swallow_goes_on_with_a_new_trigger)
{
    for (auto const* type : {"timeout", "reset_peer"}) {
        auto toxic = on({}, type, {{"timeout", 60'000}});
        toxic_line line(toxic);
        line.push(0ms, "swallowed");
        toxic.version = 2;
        toxic.when = std::make_shared<trigger>(trigger::rule{.after_hits = 1});
        line.set(1ms, {toxic});
        line.push(1ms, "behind a hole");
        EXPECT_EQ(line.take(1s), "") << type;
    }
}

TEST(trigger, both_streams_of_a_connection_get_one_answer)
{
    auto const when = std::make_shared<trigger>(trigger::rule{.every = 2});
    stage_spec spec = spec_of({"partition", {}});
    spec.trigger = when;
    std::string held;
    for (int connection = 0; connection < 4; ++connection) {
        grant_book both;
        for (int stream = 0; stream < 2; ++stream) {
            pipeline line(0, &both);
            line.apply({spec}, time_point{});
            line.push(slice::copy_of("x"), time_point{});
            line.advance(time_point{});
            held += line.front().empty() ? '!' : '.';
        }
    }
    EXPECT_EQ(held, "..!!..!!");
}

TEST(grant_book, a_connection_that_is_hit_on_both_streams_counts_once)
{
    stage_spec spec = spec_of({"latency", {{"latency", 1}}});
    spec.meter = std::make_shared<toxic_meter>();
    spec.on_both = true;
    grant_book both;
    for (int stream = 0; stream < 2; ++stream) {
        pipeline line(0, &both);
        line.apply({spec}, time_point{});
        line.push(slice::copy_of("x"), time_point{});
        line.push(slice::copy_of("y"), time_point{});
    }
    EXPECT_EQ(spec.meter->hits.value(), 4U);
    EXPECT_EQ(spec.meter->connections.value(), 1U);
}

TEST(trigger, slow_close_lets_the_end_pass)
{
    toxic_line line(on({.after_hits = 1}, "slow_close", {{"delay", 1000}}));
    line.end(1ms);
    line.take(1ms);
    EXPECT_EQ(line.ended(), ending::half_close);
}

}  // namespace
}  // namespace aconite::test
