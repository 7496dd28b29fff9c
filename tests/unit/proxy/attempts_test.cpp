// What a proxy decides about those who connect, without a socket.
#include "proxy/admission/attempts.hpp"
#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

planned_toxic planned(attribute_list attributes, float toxicity = 1, std::uint64_t key = 7)
{
    auto const spec = spec_of({"accept", std::move(attributes)});
    return {1, 1, spec.type, spec.values, toxicity, key};
}

planned_toxic mode(char const* name, std::int64_t max_connections = 0)
{
    return planned({{"mode", name}, {"max_connections", max_connections}});
}

using plan_of = std::vector<planned_toxic>;

duration delay_met(plan_of const& attempts, connection_facts const& who)
{
    return delay_of(attempts, receive(attempts, who).delayed_by);
}

TEST(door, is_open_without_a_toxic_and_with_those_that_act_later)
{
    EXPECT_EQ(door_for(plan_of{}, 5), door_state::open);
    EXPECT_EQ(door_for(plan_of{mode("delay"), mode("reset")}, 5), door_state::open);
}

TEST(door, is_shut_whatever_is_live_if_there_is_no_cap)
{
    for (std::uint64_t const live : {0, 1, 1000}) {
        EXPECT_EQ(door_for(plan_of{mode("refuse")}, live), door_state::refusing);
        EXPECT_EQ(door_for(plan_of{mode("blackhole")}, live), door_state::silent);
    }
}

TEST(door, is_shut_from_the_cap_on)
{
    plan_of const capped{mode("refuse", 3)};
    EXPECT_EQ(door_for(capped, 0), door_state::open);
    EXPECT_EQ(door_for(capped, 2), door_state::open);
    EXPECT_EQ(door_for(capped, 3), door_state::refusing);
    EXPECT_EQ(door_for(capped, 4), door_state::refusing);
}

TEST(door, swallows_rather_than_refuses)
{
    EXPECT_EQ(door_for(plan_of{mode("blackhole"), mode("refuse")}, 0), door_state::silent);
    EXPECT_EQ(door_for(plan_of{mode("refuse"), mode("blackhole")}, 0), door_state::silent);
    plan_of const both{mode("blackhole", 4), mode("refuse", 2)};
    EXPECT_EQ(door_for(both, 1), door_state::open);
    EXPECT_EQ(door_for(both, 3), door_state::refusing);
    EXPECT_EQ(door_for(both, 4), door_state::silent);
}

TEST(door, is_open_with_toxicity_zero_and_shut_with_more)
{
    EXPECT_EQ(door_for(plan_of{planned({}, 0)}, 0), door_state::open);
    EXPECT_EQ(door_for(plan_of{planned({}, -1)}, 0), door_state::open);
    EXPECT_EQ(door_for(plan_of{planned({}, 0.01F)}, 0), door_state::refusing);
}

TEST(reception, of_a_proxy_without_such_toxics_is_friendly)
{
    EXPECT_EQ(receive(plan_of{}, {9, {}, nullptr, 9}), reception{});
    EXPECT_EQ(receive(plan_of{mode("refuse", 10), mode("blackhole", 10)}, {9, {}, nullptr, 9}),
              reception{});
}

TEST(reception, adds_delays_up)
{
    auto const delay = [](int ms) { return planned({{"mode", "delay"}, {"delay", ms}}); };
    EXPECT_EQ(delay_met(plan_of{delay(30), delay(12)}, {}), 42ms);
    plan_of const ages(12, planned({{"mode", "delay"}, {"delay", time_ms_max}}));
    EXPECT_EQ(delay_met(ages, {}), duration::max());
}

TEST(reception, acts_from_the_cap_on)
{
    plan_of const capped{mode("reset", 2)};
    EXPECT_FALSE(receive(capped, {5, {}, nullptr, 1}).reset);
    EXPECT_TRUE(receive(capped, {5, {}, nullptr, 2}).reset);
    plan_of const slow{planned({{"mode", "delay"}, {"delay", 10}, {"max_connections", 2}})};
    EXPECT_EQ(delay_met(slow, {5, {}, nullptr, 1}), 0ms);
    EXPECT_EQ(delay_met(slow, {5, {}, nullptr, 2}), 10ms);
}

std::set<std::uint64_t> resets_among(std::uint64_t count, planned_toxic const& toxic)
{
    std::set<std::uint64_t> hit;
    for (std::uint64_t i = 0; i < count; ++i)
        if (receive(plan_of{toxic}, {i, {}, nullptr}).reset)
            hit.insert(i);
    return hit;
}

TEST(reception, draws_each_connection_by_its_ordinal)
{
    auto const toxic = [](double rate, float toxicity, std::uint64_t key) {
        return planned({{"mode", "reset"}, {"rate", rate}}, toxicity, key);
    };
    auto const some = resets_among(10'000, toxic(0.3, 1, 7));
    EXPECT_NEAR(static_cast<double>(some.size()), 3000, 200);
    EXPECT_EQ(resets_among(10'000, toxic(0.3, 1, 7)), some);
    EXPECT_NE(resets_among(10'000, toxic(0.3, 1, 8)), some);
    EXPECT_TRUE(resets_among(10'000, toxic(0, 1, 7)).empty());
    EXPECT_EQ(resets_among(10'000, toxic(1, 1, 7)).size(), 10'000U);
}

TEST(reception, draws_rate_and_toxicity_one_by_one)
{
    auto const both = planned({{"mode", "reset"}, {"rate", 0.5}}, 0.5F);
    EXPECT_NEAR(static_cast<double>(resets_among(10'000, both).size()), 2500, 200);
}

TEST(reception, keeps_who_was_drawn_when_the_rate_grows)
{
    auto const few = resets_among(1000, planned({{"mode", "reset"}, {"rate", 0.2}}));
    auto const more = resets_among(1000, planned({{"mode", "reset"}, {"rate", 0.4}}));
    EXPECT_TRUE(std::ranges::includes(more, few));
    EXPECT_GT(more.size(), few.size());
}

TEST(reception, concerns_only_who_matches)
{
    auto toxic = mode("reset");
    attribute_values wanted(match_row());
    wanted.set("every", 3).value();
    toxic.match = connection_match::from(wanted).value();
    std::string met;
    for (std::uint64_t i = 0; i < 7; ++i)
        met += receive(plan_of{toxic}, {i, {}, nullptr}).reset ? '!' : '.';
    EXPECT_EQ(met, "..!..!.");
}

TEST(reception, of_a_delay_that_was_let_off_stays_so)
{
    auto long_one = planned({{"mode", "delay"}, {"delay", 60'000}});
    auto other = planned({{"mode", "delay"}, {"delay", 30'000}});
    other.id = 2;
    other.trigger = std::make_shared<trigger>(trigger::rule{.after_hits = 100});
    auto const met = receive(plan_of{long_one, other}, {}).delayed_by;
    EXPECT_EQ(delay_of(plan_of{long_one, other}, met), 60s);
    EXPECT_EQ(delay_of(plan_of{other}, met), 0s);
}

TEST(reception, asks_the_trigger_once_for_each_connection)
{
    auto slow = planned({{"mode", "delay"}, {"delay", 10}});
    slow.trigger = std::make_shared<trigger>(trigger::rule{.after_hits = 1, .times = 1});
    plan_of const all{slow};
    EXPECT_EQ(delay_met(all, {0, {}, nullptr}), 0ms);
    EXPECT_EQ(delay_met(all, {1, {}, nullptr}), 10ms);
    EXPECT_EQ(delay_met(all, {2, {}, nullptr}), 0ms);
}

}  // namespace
}  // namespace aconite::test
