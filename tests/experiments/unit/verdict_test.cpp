#include "clients/experiment/run/verdict.hpp"
#include "tests/experiments/unit/observed.hpp"

#include <algorithm>

namespace aconite::experiment {
namespace {

using stage = checked::stage;

class verdict_test : public ::testing::Test {
protected:
    void add(stage when, check_state is, bool control, bool too_few = false)
    {
        checks.push_back(
            {&what,
             when,
             {.state = is, .actual = "? == 1", .text = "no answer", .too_few = too_few},
             control});
    }
    [[nodiscard]] std::vector<std::string> codes() const
    {
        std::vector<std::string> all;
        std::ranges::transform(gaps, std::back_inserter(all), &proof_gap::code);
        return all;
    }
    using words = std::vector<std::string>;

    check_spec what = check_that("service == 1");
    std::vector<checked> checks;
    std::vector<proof_gap> gaps;
};

TEST_F(verdict_test, nothing_that_was_checked_proves_nothing)
{
    EXPECT_EQ(decide(checks, gaps), verdict::inconclusive);
    EXPECT_EQ(codes(), words{"NOTHING_CHECKED"});
}

TEST_F(verdict_test, a_server_that_was_gone_before_anything_was_checked_is_told_alone)
{
    gaps = {{"TARGET_GONE", "the server is gone"}};
    EXPECT_EQ(decide(checks, gaps), verdict::inconclusive);
    EXPECT_EQ(codes(), words{"TARGET_GONE"});
}

TEST_F(verdict_test, a_steady_state_alone_is_a_check)
{
    add(stage::before, check_state::passed, true);
    add(stage::after, check_state::passed, true);
    EXPECT_EQ(decide(checks, gaps), verdict::held);
    EXPECT_EQ(codes(), words{});
}

TEST_F(verdict_test, what_no_look_has_seen_is_missing_evidence)
{
    add(stage::validation, check_state::unknown, false);
    checks.back().is.unseen = true;
    EXPECT_EQ(decide(checks, gaps), verdict::inconclusive);
    EXPECT_EQ(codes(), words{"EVIDENCE_MISSING"});
}

TEST_F(verdict_test, holds_where_all_passed)
{
    add(stage::before, check_state::passed, true);
    add(stage::validation, check_state::passed, false);  // needs no control: it passed
    add(stage::after, check_state::passed, true);
    EXPECT_EQ(decide(checks, gaps), verdict::held);
    EXPECT_EQ(codes(), words{});
}

TEST_F(verdict_test, one_failed_check_is_enough_where_it_was_seen_to_hold)
{
    add(stage::validation, check_state::passed, true);
    add(stage::validation, check_state::failed, true);
    EXPECT_EQ(decide(checks, gaps), verdict::not_held);
    EXPECT_EQ(codes(), words{});
}

TEST_F(verdict_test, what_never_held_cannot_blame_the_fault)
{
    add(stage::validation, check_state::failed, false);
    EXPECT_EQ(decide(checks, gaps), verdict::inconclusive);
    EXPECT_EQ(codes(), words{"NO_CONTROL"});
}

TEST_F(verdict_test, a_system_that_was_not_well_before_proves_nothing)
{
    add(stage::before, check_state::failed, true);
    add(stage::before, check_state::unknown, true);
    EXPECT_EQ(decide(checks, gaps), verdict::inconclusive);
    EXPECT_EQ(codes(), (words{"STEADY_STATE_MISSING", "STEADY_STATE_MISSING"}));
    EXPECT_NE(gaps[1].text.find("no answer"), std::string::npos);
    EXPECT_EQ(checks[1].is.state, check_state::unknown);
}

TEST_F(verdict_test, a_service_that_does_not_answer_any_more_did_not_hold)
{
    add(stage::validation, check_state::unknown, true);
    add(stage::after, check_state::unknown, true);
    EXPECT_EQ(decide(checks, gaps), verdict::not_held);
    EXPECT_EQ(codes(), words{});
    for (auto const& each : checks) {
        EXPECT_EQ(each.is.state, check_state::failed);
        EXPECT_EQ(each.is.actual, "no answer");
    }
}

TEST_F(verdict_test, what_was_never_seen_is_not_known)
{
    add(stage::validation, check_state::unknown, false);
    add(stage::validation, check_state::unknown, true, true);
    EXPECT_EQ(decide(checks, gaps), verdict::inconclusive);
    EXPECT_EQ(codes(), (words{"TOO_FEW_SAMPLES", "TOO_FEW_SAMPLES"}));
}

TEST_F(verdict_test, a_gap_outweighs_a_failure)
{
    add(stage::validation, check_state::failed, true);
    gaps.push_back({"NO_TRAFFIC", "nothing came"});
    EXPECT_EQ(decide(checks, gaps), verdict::inconclusive);
}

}  // namespace
}  // namespace aconite::experiment
