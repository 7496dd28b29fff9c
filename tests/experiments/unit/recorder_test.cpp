#include "clients/experiment/load/recorder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr auto origin = time_point{} + 1h;

outcome well(duration ended, duration latency = 1ms, duration service = 1ms)
{
    auto const at = origin + ended;
    return {at - latency, at - service, at, true, {}};
}

outcome badly(duration ended, std::string_view error)
{
    auto const at = origin + ended;
    return {at - 1ms, at - 1ms, at, false, error};
}

TEST(recorder, sums_up_the_whole_slots_of_a_stretch)
{
    recorder into(origin);
    into.add(well(-1ns));  // before the origin: not recorded
    for (auto at = 0ms; at < 1s; at += 10ms)
        into.add(well(at, 40ms, 10ms));
    into.add(badly(550ms, "timeout"));
    into.add(badly(1'050ms, "HTTP 500"));

    auto const all = into.between(origin, never);
    EXPECT_EQ(all.requests, 102U);
    EXPECT_EQ(all.ok, 100U);
    EXPECT_EQ(all.errors, 2U);
    EXPECT_DOUBLE_EQ(all.seconds, 1.1);
    EXPECT_EQ(all.by_error,
              (std::map<std::string, std::uint64_t>{{"timeout", 1}, {"HTTP 500", 1}}));
    EXPECT_EQ(all.answered.longest(), 40ms);
    EXPECT_EQ(all.service.longest(), 10ms);
    EXPECT_EQ(into.requests(), 102U);

    auto const middle = into.between(origin + 450ms, origin + 799ms);
    EXPECT_DOUBLE_EQ(middle.seconds, 0.3);  // from 400 to 700 ms
    EXPECT_EQ(middle.ok, 30U);
    EXPECT_DOUBLE_EQ(middle.rate(), 100);
    EXPECT_NEAR(middle.error_rate(), 1.0 / 31, 1e-9);

    auto const behind = into.between(origin + 5s, origin + 7s);
    EXPECT_EQ(behind.requests, 0U);
    EXPECT_DOUBLE_EQ(behind.seconds, 2);
    EXPECT_EQ(behind.error_rate(), 0);
    EXPECT_EQ(into.between(origin + 2s, origin + 1s).seconds, 0);
    EXPECT_EQ(into.between(origin - 2s, origin - 1s).seconds, 0);
}

TEST(recorder, finds_the_first_that_was_ok)
{
    recorder into(origin);
    EXPECT_EQ(into.first_ok(origin), never);
    into.add(well(310ms));
    into.add(well(390ms));
    into.add(well(820ms));
    EXPECT_EQ(into.first_ok(origin), origin + 310ms);
    EXPECT_EQ(into.first_ok(origin + 310ms), origin + 310ms);
    EXPECT_EQ(into.first_ok(origin + 350ms), origin + 390ms);
    EXPECT_EQ(into.first_ok(origin + 391ms), origin + 820ms);
    EXPECT_EQ(into.first_ok(origin + 821ms), never);
}

TEST(recorder, counts_a_row_of_ok_from_the_last_error_on)
{
    recorder into(origin);
    for (auto at = 0ms; at < 1s; at += 50ms)
        into.add(well(at));
    into.add(badly(420ms, "reset"));
    EXPECT_EQ(into.row_of_ok(origin, 8), origin + 400ms);
    EXPECT_EQ(into.row_of_ok(origin, 9), origin + 1s);  // the row begins again at 500 ms
    EXPECT_EQ(into.row_of_ok(origin, 11), never);
    EXPECT_EQ(into.row_of_ok(origin + 410ms, 1), origin + 600ms);
    EXPECT_EQ(into.row_of_ok(origin + 2s, 1), never);
}

TEST(recorder, knows_a_hundred_errors_by_name)
{
    recorder into(origin);
    for (int round = 0; round < 2; ++round)
        for (int each = 0; each < 150; ++each)
            into.add(badly(round * 1s, "error " + std::to_string(each)));
    auto const all = into.between(origin, never);
    EXPECT_EQ(all.errors, 300U);
    EXPECT_EQ(all.by_error.size(), recorder::errors_max + 1);
    EXPECT_EQ(all.by_error.at("error 99"), 2U);
    EXPECT_EQ(all.by_error.at("other"), 100U);
}

TEST(recorder, takes_outcomes_from_any_thread_while_it_is_asked)
{
    constexpr int threads = 4;
    constexpr int each_adds = 5'000;
    recorder into(origin);
    {
        std::vector<std::jthread> adding;
        for (int thread = 0; thread < threads; ++thread)
            adding.emplace_back([&into] {
                for (int each = 0; each < each_adds; ++each)
                    into.add(each % 10 == 0 ? badly(each * 10ms, "reset") : well(each * 10ms));
            });
        std::uint64_t seen = 0;
        while (into.requests() < threads * each_adds) {
            auto const now = into.between(origin, never).requests;
            EXPECT_GE(now, seen);
            seen = now;
        }
    }
    auto const all = into.between(origin, never);
    EXPECT_EQ(all.requests, std::uint64_t{threads} * each_adds);
    EXPECT_EQ(all.by_error.at("reset"), std::uint64_t{threads} * each_adds / 10);
}

}  // namespace
}  // namespace aconite::experiment
