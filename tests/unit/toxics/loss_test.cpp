#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;
using time = toxic_line::time;

std::string const segment(1448, 's');

wanted lossy(attribute_list attributes, std::uint64_t key = 7)
{
    return {"loss", std::move(attributes), 1, 1, key};
}

/// How often one segment on a fresh connection took how long.
std::map<time, int> delays(attribute_list const& attributes, int connections = 8000)
{
    std::map<time, int> seen;
    for (int key = 0; key < connections; ++key) {
        toxic_line line(lossy(attributes, static_cast<std::uint64_t>(key)));
        line.push(0ms, "x");
        ++seen[line.next()];
    }
    return seen;
}

/// The key of a connection on which exactly the segments `which` of `count` are lost at first.
std::uint64_t key_that_loses(std::vector<int> const& which, int count)
{
    for (std::uint64_t key = 0;; ++key) {
        toxic_line line(lossy({{"rate", 0.3}, {"mode", "discard"}}, key));
        std::vector<int> lost;
        for (int i = 0; i < count; ++i) {
            line.push(0ms, segment);
            if (line.take(0ms).empty())
                lost.push_back(i);
        }
        if (lost == which)
            return key;
    }
}

TEST(loss, at_rate_0_lets_everything_pass_at_once)
{
    toxic_line line(lossy({}));
    line.push(3ms, segment + segment + "x");
    EXPECT_EQ(line.take(3ms).size(), 2897U);
}

TEST(loss, waits_as_a_sender_does_that_probes_once_and_then_doubles)
{
    auto const seen = delays({{"rate", 0.5}});
    std::vector<time> const steps{0ms, 201ms, 402ms, 804ms, 1608ms, 3216ms};
    for (auto const& [delay, count] : seen)
        EXPECT_TRUE(delay > 3216ms || std::ranges::find(steps, delay) != steps.end())
            << delay.count();
    EXPECT_NEAR(seen.at(0ms), 4000, 200);
    EXPECT_NEAR(seen.at(201ms), 2000, 150);
    EXPECT_NEAR(seen.at(402ms), 1000, 120);
    EXPECT_NEAR(seen.at(804ms), 500, 90);
}

TEST(loss, takes_the_times_of_the_sender_from_its_attributes)
{
    auto const seen = delays({{"rate", 0.6},
                              {"rtt", 50},
                              {"rto_min", 100},
                              {"rto_max", 400},
                              {"backoff", 3},
                              {"max_retries", 4}});
    std::vector<time> steps;
    for (auto const& [delay, count] : seen)
        steps.push_back(delay);
    EXPECT_EQ(steps, (std::vector<time>{0ms, 150ms, 300ms, 700ms, 1100ms, toxic_line::forever}));
}

TEST(loss, a_lost_segment_holds_what_comes_behind_it)
{
    toxic_line line(lossy({{"rate", 0.3}}, key_that_loses({1}, 3)));
    line.push(0ms, "first");
    EXPECT_EQ(line.take(0ms), "first");
    toxic_line held(lossy({{"rate", 0.3}, {"segment", 1448}}, key_that_loses({1}, 3)));
    held.push(0ms, segment);
    held.push(1ms, segment);
    held.push(2ms, "behind");
    EXPECT_EQ(held.take(2ms), segment);
    auto const due = held.next();
    EXPECT_GE(due, 202ms);
    EXPECT_EQ(held.take(due - 1ns), "");
    EXPECT_EQ(held.take(due), segment + "behind");
}

TEST(loss, three_segments_behind_call_a_lost_one_back_after_a_round_trip)
{
    toxic_line line(lossy({{"rate", 0.3}, {"rtt", 10}}, key_that_loses({1}, 5)));
    line.push(0ms, segment);
    line.push(1ms, segment);
    line.push(2ms, segment);
    line.push(3ms, segment);
    EXPECT_EQ(line.take(3ms).size(), segment.size());
    EXPECT_GE(line.next(), 210ms);
    line.push(4ms, segment);
    auto const due = line.next();
    EXPECT_TRUE(due == 14ms || due >= 210ms);  // unless it is lost once more
}

TEST(loss, a_call_back_comes_for_most_lost_segments_of_a_bulk_stream)
{
    int soon = 0;
    int lost = 0;
    for (std::uint64_t key = 0; key < 2000; ++key) {
        toxic_line line(lossy({{"rate", 0.01}, {"rtt", 10}}, key));
        std::string bulk;
        for (int i = 0; i < 40; ++i)
            bulk += segment;
        line.push(0ms, bulk);
        if (line.take(0ms).size() == bulk.size())
            continue;
        ++lost;
        soon += line.next() == 10ms ? 1 : 0;
    }
    EXPECT_GT(lost, 500);
    EXPECT_GT(soon, lost * 8 / 10);
}

TEST(loss, never_leaves_a_hole)
{
    for (std::uint64_t key = 0; key < 200; ++key) {
        toxic_line line(lossy({{"rate", 0.2}, {"burst", 4}}, key));
        std::string sent;
        std::string got;
        for (int i = 0; i < 60; ++i) {
            std::string const piece(static_cast<std::size_t>(100 + i * 97 % 4000),
                                    static_cast<char>('a' + i % 26));
            sent += piece;
            line.push(i * 5ms, piece);
            got += line.take(i * 5ms);
        }
        got += line.take(24h * 300);
        EXPECT_EQ(got, sent);
    }
}

TEST(loss, a_sender_that_gives_up_holds_or_resets)
{
    toxic_line held(lossy({{"rate", 1}, {"max_retries", 2}}));
    held.push(0ms, "x");
    EXPECT_EQ(held.take(24h), "");
    EXPECT_EQ(held.next(), toxic_line::forever);
    EXPECT_EQ(held.ended(), std::nullopt);
    held.set(25h, {});
    EXPECT_EQ(held.take(25h), "x");

    toxic_line cut(lossy({{"rate", 1}, {"max_retries", 2}, {"on_give_up", "reset"}}));
    cut.push(0ms, "x");
    EXPECT_EQ(cut.next(), 402ms);
    EXPECT_EQ(cut.take(402ms), "");
    EXPECT_EQ(cut.ended(), ending::reset);
}

TEST(loss, a_partition_heals_when_it_is_removed_or_changed)
{
    for (bool const removed : {true, false}) {
        toxic_line line(lossy({{"rate", 1}}));
        line.push(0ms, "held");
        EXPECT_EQ(line.take(10min), "");
        if (removed)
            line.set(10min, {});
        else
            line.set(10min, {{"loss", {{"rate", 0}}, 1, 2}});
        EXPECT_EQ(line.take(10min), "held");
    }
}

TEST(loss, can_reset_instead)
{
    toxic_line line(lossy({{"rate", 1}, {"mode", "reset"}}));
    line.push(5ms, "x");
    EXPECT_EQ(line.take(5ms), "");
    EXPECT_EQ(line.ended(), ending::reset);
}

TEST(loss, can_leave_a_hole_and_then_ends_with_a_reset_when_removed)
{
    toxic_line line(lossy({{"rate", 0.3}, {"mode", "discard"}}, key_that_loses({1}, 3)));
    line.push(0ms, std::string(1448, 'a') + std::string(1448, 'b') + std::string(1448, 'c'));
    EXPECT_EQ(line.take(0ms), std::string(1448, 'a') + std::string(1448, 'c'));
    line.set(1ms, {});
    line.take(1ms);
    EXPECT_EQ(line.ended(), ending::reset);
}

TEST(loss, names_the_bound_of_a_rate_in_bursts)
{
    EXPECT_NO_THROW(spec_of(lossy({{"rate", 0.75}, {"burst", 3}})));
    EXPECT_NO_THROW(spec_of(lossy({{"rate", 1}, {"burst", 3}})));
    attribute_values values(builtin_toxics().find("loss")->attributes);
    values.set("rate", 0.8).value();
    values.set("burst", 3).value();
    EXPECT_TRUE(builtin_toxics().find("loss")->check(values).error().text.starts_with(
        "bad request body: attribute 'rate' must be at most 0.75 (burst / (burst + 1)) or 1: "));
    EXPECT_THROW(spec_of(lossy({{"burst", 0.5}})), std::runtime_error);
    EXPECT_THROW(spec_of(lossy({{"rate", 0.5}, {"gemodel", named_numbers{{"p", 0.1}}}})),
                 std::runtime_error);
    EXPECT_THROW(spec_of(lossy({{"rto_min", 300}, {"rto_max", 200}})), std::runtime_error);
}

/// What the row leaves to the kernel, and what it says to values that the kernel cannot do.
std::optional<kernel_drop> wish_of(attribute_list const& attributes)
{
    auto const spec = spec_of(lossy(attributes));
    return spec.type->drop(spec.values);
}

TEST(loss, leaves_single_losses_to_the_kernel_if_asked_to)
{
    EXPECT_FALSE(wish_of({{"rate", 0.1}}));
    EXPECT_FALSE(wish_of({{"rate", 0.1}, {"mode", "discard"}}));
    EXPECT_EQ(wish_of({{"rate", 0.1}, {"mode", "kernel"}})->rate, 0.1);
    EXPECT_TRUE(wish_of({{"mode", "kernel"}})->required);
    EXPECT_EQ(wish_of({{"rate", 0.1}, {"mode", "auto"}})->rate, 0.1);
    EXPECT_FALSE(wish_of({{"mode", "auto"}})->required);
}

TEST(loss, in_bursts_is_not_the_kernels)
{
    named_numbers const chain{{"p", 0.1}};
    for (auto const& automatic : {wish_of({{"rate", 0.1}, {"burst", 3}, {"mode", "auto"}}),
                                  wish_of({{"gemodel", chain}, {"mode", "auto"}})}) {
        ASSERT_TRUE(automatic);
        EXPECT_FALSE(automatic->rate);
        EXPECT_EQ(automatic->otherwise, "retransmit");
    }
    auto const refusal = [](char const* name, attribute_value value) {
        attribute_values values(builtin_toxics().find("loss")->attributes);
        values.set("mode", "kernel").value();
        values.set(name, std::move(value)).value();
        return builtin_toxics().find("loss")->check(values).error();
    };
    EXPECT_EQ(refusal("burst", 3),
              (problem{400, "bad request body: attribute 'burst' must be 0 in mode kernel, which "
                            "loses each segment for itself"}));
    EXPECT_EQ(refusal("gemodel", chain),
              (problem{400, "bad request body: attribute 'gemodel' must be empty in mode kernel, "
                            "which keeps no state"}));
}

TEST(loss, in_mode_auto_without_the_kernel_is_sent_again)
{
    EXPECT_EQ(delays({{"rate", 0.5}, {"mode", "auto"}}, 200), delays({{"rate", 0.5}}, 200));
}

TEST(loss, takes_the_chain_itself)
{
    auto const seen = delays({{"gemodel", named_numbers{{"p", 0}, {"r", 1}, {"good_loss", 0.5}}}});
    EXPECT_NEAR(seen.at(0ms), 4000, 200);
}

}  // namespace
}  // namespace aconite::test
