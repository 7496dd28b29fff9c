#include "clients/experiment/run/judge.hpp"
#include "tests/experiments/unit/observed.hpp"

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr auto still_open = check_state::open;
constexpr auto did_pass = check_state::passed;
constexpr auto did_fail = check_state::failed;
constexpr auto not_known = check_state::unknown;

/// Phases calm [0, 10), fault [10, 20), after [20, 30); no load from 31 on; all is over at 60.
class judge_test : public ::testing::Test {
protected:
    judge_test()
    {
        seen.phase("calm", 0, 10).phase("fault", 10, 20).phase("after", 20, 30);
        seen.fault("db", 10, 20);
    }
    /// The value of `queue` from each of the seconds on.
    void queue(std::initializer_list<std::pair<double, double>> const& of)
    {
        for (auto const& [second, number] : of)
            seen.saw("queue", second, number);
    }
    judgement at(check_spec const& check, double second)
    {
        run_ends ends;
        ends.phases = second >= 30 ? observed::at(30) : never;
        ends.load = second >= 31 ? observed::at(31) : never;
        ends.all = second >= 60 ? observed::at(60) : never;
        return judge(check, seen.of, ends, observed::at(second));
    }
    static double second_of(judgement const& is)
    {
        return std::chrono::duration<double>(is.at - observed::at(0)).count();
    }

    observed seen;
};

TEST_F(judge_test, an_expectation_is_judged_when_the_load_has_stopped)
{
    queue({{0, 0}, {15, 9}, {30.5, 1}});
    auto const check = check_that("queue <= 1");
    EXPECT_EQ(at(check, 5).state, still_open);
    EXPECT_EQ(at(check, 30).state, still_open);
    auto const is = at(check, 60);
    EXPECT_EQ(is.state, did_pass);
    EXPECT_EQ(is.expected, "queue <= 1");
    EXPECT_EQ(is.actual, "1 <= 1");
    EXPECT_EQ(second_of(is), 31);
    EXPECT_EQ(at(check_that("queue == 0"), 60).state, did_fail);
}

TEST_F(judge_test, during_a_phase_it_is_judged_at_its_end)
{
    queue({{0, 0}, {15, 9}, {20.5, 1}});
    auto check = check_that("queue == 9");
    check.during = "fault";
    EXPECT_EQ(at(check, 19.9).state, still_open);
    EXPECT_EQ(at(check, 20).state, did_pass);
    EXPECT_EQ(second_of(at(check, 60)), 20);
    check.during = "nowhere";
    EXPECT_EQ(at(check, 30).state, still_open);
    auto const is = at(check, 60);
    EXPECT_EQ(is.state, not_known);
    EXPECT_EQ(is.text, "what it waits for did not come about");
}

TEST_F(judge_test, within_a_time_it_has_to_hold_once)
{
    queue({{0, 0}, {15, 9}, {24, 0}, {25, 9}});
    auto check = check_that("queue == 0");
    check.after_phase = "fault";
    check.within = 5s;
    EXPECT_EQ(at(check, 23.9).state, still_open);
    EXPECT_EQ(at(check, 24).state, did_pass);
    EXPECT_EQ(second_of(at(check, 60)), 24);  // and stays so
    check.within = 3s;
    EXPECT_EQ(at(check, 22.9).state, still_open);
    EXPECT_EQ(at(check, 23).state, did_fail);
    EXPECT_EQ(at(check, 60).state, did_fail);
    check.within = 4s;  // the last moment counts
    EXPECT_EQ(at(check, 60).state, did_pass);
}

TEST_F(judge_test, within_a_time_without_a_phase_begins_when_the_load_has_stopped)
{
    queue({{0, 0}, {30.5, 9}, {36, 0}});
    auto check = check_that("queue == 0");
    check.within = 5s;
    EXPECT_EQ(at(check, 30.9).state, still_open);
    EXPECT_EQ(at(check, 36).state, did_pass);  // at the end of the 5 s
    check.within = 4s;
    EXPECT_EQ(at(check, 35).state, did_fail);
}

TEST_F(judge_test, within_a_time_behind_the_last_phase_a_load_counts_from_its_begin)
{
    seen.served(0, 30, 10ms).with_load().saw("rows", 0, 0.0).saw("rows", 32, 2000.0);
    auto check = check_that("rows >= load.ok");
    check.within = 5s;
    EXPECT_EQ(at(check, 60).state, did_fail);
    EXPECT_EQ(at(check, 60).actual, "2000 >= 3000");
    check.after_phase = "after";
    EXPECT_EQ(at(check, 60).state, did_fail);
    seen.saw("rows", 34, 3000.0);
    EXPECT_EQ(at(check, 60).state, did_pass);

    auto metric = check_of("load.ok", condition::gt, {"2999"});
    metric.within = 5s;
    EXPECT_EQ(at(metric, 60).state, did_pass);
}

TEST_F(judge_test, within_a_time_behind_another_phase_a_load_counts_from_there)
{
    seen.refused(10, 20).served(20, 30, 10ms).with_load();
    auto check = check_that("load.errors == 0 and load.ok > 0");
    check.after_phase = "fault";
    check.within = 5s;
    EXPECT_EQ(at(check, 60).state, did_pass);
}

TEST_F(judge_test, within_a_time_and_during_a_phase_ends_with_the_phase)
{
    queue({{0, 9}, {21, 0}});
    auto check = check_that("queue == 0");
    check.during = "fault";
    check.within = 60s;
    EXPECT_EQ(at(check, 20).state, did_fail);
    EXPECT_EQ(at(check, 60).state, did_fail);
}

TEST_F(judge_test, always_is_at_each_look)
{
    queue({{1, 0}, {15, 9}, {16, 0}});
    auto check = check_that("queue == 0");
    check.always = true;
    EXPECT_EQ(at(check, 14.9).state, still_open);
    auto const is = at(check, 16);
    EXPECT_EQ(is.state, did_fail);  // at once
    EXPECT_EQ(second_of(is), 15);
    EXPECT_EQ(is.actual, "9 == 0");
    check.during = "after";
    seen.saw("queue", 25, 0.0);
    EXPECT_EQ(at(check, 60).state, did_pass);
    check.during = "calm";
    EXPECT_EQ(at(check, 10).state, did_pass);
}

TEST_F(judge_test, always_without_a_look_is_not_known)
{
    queue({{1, 0}});
    auto check = check_that("nobody == 0");
    check.always = true;
    auto const is = at(check, 60);
    EXPECT_EQ(is.state, not_known);
    EXPECT_TRUE(is.too_few);
    EXPECT_EQ(is.text, "nobody was not looked at yet");
}

TEST_F(judge_test, after_a_phase_looks_at_what_is_behind_it)
{
    queue({{0, 0}, {15, 9}, {22, 0}, {29, 0}});
    auto check = check_of("queue", condition::eq, {"0"});
    check.always = true;
    check.after_phase = "fault";
    EXPECT_EQ(at(check, 60).state, did_pass);
    check.after_phase = "calm";
    EXPECT_EQ(at(check, 60).state, did_fail);
    check.after_phase = "after";  // there is nothing behind it: that phase itself
    EXPECT_EQ(at(check, 60).state, did_pass);
}

TEST_F(judge_test, a_metric_is_compared_with_its_baseline)
{
    queue({{0, 10}, {5, 20}, {25, 14}, {30.5, 14}});
    auto const check = check_of("queue", condition::between, {"baseline * 0.9", "baseline * 1.1"});
    auto const is = at(check, 60);
    EXPECT_EQ(is.expected, "queue between baseline * 0.9 to baseline * 1.1");
    EXPECT_EQ(is.actual, "14");
    EXPECT_EQ(is.state, did_pass) << is.text;
    EXPECT_EQ(at(check_of("queue", condition::gt, {"baseline * 1.1"}), 60).state, did_fail);
    EXPECT_EQ(at(check_of("queue", condition::gt, {"nobody"}), 60).state, not_known);
}

TEST_F(judge_test, a_metric_that_is_no_number_is_not_known)
{
    seen.saw("queue", 1, std::string("word"));
    auto const is = at(check_of("queue", condition::gt, {"1"}), 60);
    EXPECT_EQ(is.state, not_known);
    EXPECT_EQ(is.text, "queue is no number");
}

TEST_F(judge_test, what_no_look_has_seen_is_unseen)
{
    seen.saw_nothing("queue", 5, "Connection refused");
    EXPECT_TRUE(at(check_that("queue == 0"), 31).unseen);
    EXPECT_TRUE(judge_now(check_that("queue == 0"), seen.of, observed::at(6)).unseen);
    queue({{6, 0}});
    auto const divided = at(check_that("1 / queue == 0"), 31);
    EXPECT_EQ(divided.state, not_known);
    EXPECT_FALSE(divided.unseen);
}

TEST_F(judge_test, a_trend_is_known_at_the_end_or_with_a_limit_as_soon_as_it_is_there)
{
    queue({{0, 0}, {21, 9}, {22, 8}, {29, 3}});
    auto check = check_of("queue", condition::decreasing);
    check.after_phase = "fault";
    check.always = true;
    EXPECT_EQ(at(check, 29).state, still_open);
    EXPECT_EQ(at(check, 60).state, did_fail);  // from the 0 that held at its begin
    check.within = 9s;
    check.condition = condition::increases;
    EXPECT_EQ(at(check, 21).state, did_pass);
    EXPECT_EQ(second_of(at(check, 21)), 21);
}

TEST_F(judge_test, a_trend_of_one_look_has_too_few)
{
    queue({{1, 5}});
    auto check = check_of("queue", condition::increases);
    auto const is = at(check, 60);
    EXPECT_EQ(is.state, not_known);
    EXPECT_FALSE(is.text.empty());
    EXPECT_TRUE(is.too_few);
}

TEST_F(judge_test, what_failed_under_the_fault_alone_was_seen_to_hold)
{
    queue({{0, 3}, {5, 0}, {9, 4}, {15, 9}});
    EXPECT_TRUE(held_without_fault(check_that("queue == 0"), seen.of));
    EXPECT_TRUE(held_without_fault(check_of("queue", condition::eq, {"0"}), seen.of));
    EXPECT_FALSE(held_without_fault(check_that("queue == 9"), seen.of));
    EXPECT_TRUE(held_without_fault(check_of("queue", condition::increases), seen.of));
    EXPECT_FALSE(held_without_fault(check_of("queue", condition::rate_gt, {"5"}), seen.of));
    observed without;
    EXPECT_TRUE(held_without_fault(check_that("nobody == 1"), without.of));
}

TEST_F(judge_test, a_recovery_needs_no_control)
{
    seen.with_load().served(0, 10, 10ms).refused(10, 28).served(28, 30, 10ms);
    auto const check = check_that("recovery(db) < 5s");
    EXPECT_TRUE(held_without_fault(check, seen.of));
    auto const is = at(check, 60);
    EXPECT_EQ(is.state, did_fail);
    EXPECT_EQ(is.actual, "8 < 5");
}

TEST_F(judge_test, a_steady_state_is_judged_by_what_is_now)
{
    queue({{0, 0}, {15, 9}});
    EXPECT_EQ(judge_now(check_that("queue == 0"), seen.of, observed::at(14)).state, did_pass);
    EXPECT_EQ(judge_now(check_that("queue == 0"), seen.of, observed::at(15)).state, did_fail);
    EXPECT_EQ(judge_now(check_that("nobody"), seen.of, observed::at(15)).state, not_known);
    EXPECT_EQ(judge_now(check_of("queue", condition::increases), seen.of, observed::at(15)).state,
              did_pass);
}

}  // namespace
}  // namespace aconite::experiment
