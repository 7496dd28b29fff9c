// What a pipeline tells of its toxics: each act once, with what was at hand and the delay.
#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

struct recorder final : act_observer {
    void on_act(stage_spec const& who, toxic_act const& what) override
    {
        acts.emplace_back(who.id, what);
    }
    std::vector<std::pair<std::uint64_t, toxic_act>> acts;
};

/// A pipeline whose toxics are counted and recorded.
struct counted_line {
    explicit counted_line(std::vector<wanted> chain)
    {
        std::vector<stage_spec> specs;
        for (auto& each : chain) {
            each.id = specs.size() + 1;
            specs.push_back(spec_of(each));
            specs.back().meter = meters.emplace_back(std::make_shared<toxic_meter>());
        }
        line.apply(specs, at(0ms));
    }

    static time_point at(duration when) { return time_point(1000h) + when; }
    void push(duration when, std::size_t bytes)
    {
        line.push(slice::copy_of(std::string(bytes, 'x')), at(when));
    }
    std::size_t take(duration when)
    {
        std::size_t taken = 0;
        line.advance(at(when));
        while (!line.front().empty()) {
            taken += line.front().size();
            line.consume(line.front().size());
            line.advance(at(when));
        }
        return taken;
    }

    recorder seen;
    std::vector<std::shared_ptr<toxic_meter>> meters;
    pipeline line{100, nullptr, &seen};
};

TEST(account, of_a_delay_has_offset_bytes_and_length)
{
    counted_line line({wanted{"latency", {{"latency", 30}}}});
    line.push(0ms, 10);
    line.push(5ms, 4);
    EXPECT_EQ(line.take(40ms), 14U);
    ASSERT_EQ(line.seen.acts.size(), 2U);
    auto const& [id, act] = line.seen.acts[1];
    EXPECT_EQ(id, 1U);
    EXPECT_EQ(act.at, line.at(5ms));
    EXPECT_EQ(act.hits, 1U);
    EXPECT_EQ(act.offset, 110U);
    EXPECT_EQ(act.bytes, 4U);
    EXPECT_EQ(act.delay, 30ms);
    EXPECT_FALSE(act.ends);

    auto const& meter = *line.meters[0];
    EXPECT_EQ(meter.hits.value(), 2U);
    EXPECT_EQ(meter.bytes.value(), 14U);
    EXPECT_EQ(meter.connections.value(), 1U);
    EXPECT_EQ(meter.added_delay.value().count(), 2U);
    EXPECT_EQ(meter.added_delay.value().sum, 60ms);
}

TEST(account, of_two_toxics_keeps_them_apart)
{
    counted_line line({{"latency", {{"latency", 30}}}, {"latency", {{"latency", 5}}}});
    line.push(0ms, 10);
    EXPECT_EQ(line.take(100ms), 10U);
    EXPECT_EQ(line.meters[0]->added_delay.value().sum, 30ms);
    EXPECT_EQ(line.meters[1]->added_delay.value().sum, 5ms);
}

TEST(account, of_a_toxic_that_waits_for_its_trigger_is_empty)
{
    wanted later{"latency", {{"latency", 5}}};
    later.when = std::make_shared<trigger>(trigger::rule{.after_bytes = 100});
    counted_line line({{"latency", {{"latency", 30}}}, later});
    line.push(0ms, 10);
    EXPECT_EQ(line.take(100ms), 10U);
    EXPECT_EQ(line.meters[1]->hits.value(), 0U);
    EXPECT_EQ(line.meters[1]->added_delay.value().count(), 0U);
    EXPECT_EQ(line.seen.acts.size(), 1U);
}

TEST(account, of_a_slow_receiver_is_not_the_toxics)
{
    counted_line line({{"latency", {{"latency", 1}}}});
    for (int i = 0; i < 10; ++i)
        line.push(0ms, 65'536);
    line.line.advance(line.at(1ms));  // the output takes a part, and nobody takes it
    EXPECT_EQ(line.take(10s), 655'360U);
    EXPECT_EQ(line.meters[0]->added_delay.value().sum, 10ms);
}

TEST(account, of_what_is_held_until_further_notice_says_so)
{
    counted_line line({wanted{"stall", {}}});
    line.push(0ms, 10);
    line.push(1ms, 10);
    ASSERT_EQ(line.seen.acts.size(), 1U) << "it hits the connection as a whole";
    EXPECT_EQ(line.seen.acts[0].second.delay, duration::max());
    EXPECT_EQ(line.meters[0]->bytes.value(), 20U);
    EXPECT_EQ(line.meters[0]->added_delay.value().count(), 0U);
    line.line.apply({}, line.at(50ms));
    EXPECT_EQ(line.take(50ms), 20U);
    EXPECT_EQ(line.meters[0]->added_delay.value().sum, 99ms);
}

TEST(account, of_a_cut_names_the_toxic)
{
    counted_line line({{"noop", {}}, {"limit_data", {{"bytes", 6}}}});
    line.push(0ms, 4);
    EXPECT_EQ(line.take(0ms), 4U);
    EXPECT_EQ(line.line.cut_by(), 0U);
    line.push(1ms, 4);
    EXPECT_EQ(line.take(1ms), 2U);
    ASSERT_EQ(line.seen.acts.size(), 1U);
    auto const& [id, act] = line.seen.acts[0];
    EXPECT_EQ(id, 2U);
    EXPECT_EQ(act.hits, 1U);
    EXPECT_EQ(act.ends, ending::close);
    EXPECT_EQ(line.line.cut_by(), 2U);
}

TEST(account, of_an_end_that_is_passed_on_late_is_a_delay)
{
    counted_line line({{"slow_close", {{"delay", 70}}}});
    line.line.push_end(ending::half_close, line.at(1ms));
    ASSERT_EQ(line.seen.acts.size(), 1U);
    EXPECT_EQ(line.seen.acts[0].second.delay, 70ms);
    EXPECT_FALSE(line.seen.acts[0].second.ends);
    EXPECT_EQ(line.line.cut_by(), 0U);
}

TEST(account, of_an_alarm_that_ends_the_connection_is_an_act_without_a_hit)
{
    counted_line line({{"reset_peer", {{"timeout", 20}}}});
    line.push(0ms, 4);
    line.take(20ms);
    ASSERT_EQ(line.seen.acts.size(), 2U);
    EXPECT_EQ(line.seen.acts[0].second.hits, 1U);
    EXPECT_EQ(line.seen.acts[1].second.hits, 0U);
    EXPECT_EQ(line.seen.acts[1].second.ends, ending::reset);
    EXPECT_EQ(line.meters[0]->hits.value(), 1U);
}

TEST(account, of_many_hits_in_one_piece_is_one_act)
{
    counted_line line({{"corrupt", {{"rate", 1.0}}}});
    line.push(0ms, 50);
    ASSERT_EQ(line.seen.acts.size(), 1U);
    EXPECT_EQ(line.seen.acts[0].second.hits, 50U);
}

}  // namespace
}  // namespace aconite::test
