#include "clients/experiment/run/gaps.hpp"
#include "clients/experiment/run/kinds.hpp"
#include "tests/experiments/unit/observed.hpp"

#include <algorithm>

namespace aconite::experiment {
namespace {

class gaps_test : public ::testing::Test {
protected:
    gaps_test()
    {
        slow.name = "toxic cache";
        slow.type = "toxic";
        slow.targets = {"cache"};
        killed.name = "kill worker";
        killed.type = "kill";
        killed.targets = {"worker"};
        load.name = "load";
        load.type = "redis";
        experiment.loads.push_back(load);
        seen.phase("baseline", 0, 1).with_load();
    }

    static fault_run run_of(action_spec const& what, evidence seen, std::string unseen = {})
    {
        fault_run run{.what = &what, .kind = action_kind_named(what.type)};
        run.seen = std::move(seen);
        run.unseen = std::move(unseen);
        return run;
    }
    std::vector<std::string> codes_of(std::vector<fault_run> const& faults,
                                      std::map<std::string, proxy_traffic> const& through)
    {
        gaps.clear();
        add_gaps(gaps, experiment, seen.of, faults, through);
        std::vector<std::string> all;
        std::ranges::transform(gaps, std::back_inserter(all), &proof_gap::code);
        return all;
    }
    std::vector<fault_run> faults(fault_run one) const
    {
        std::vector<fault_run> all;
        all.push_back(std::move(one));
        return all;
    }
    using words = std::vector<std::string>;

    action_spec slow;
    action_spec killed;
    part_spec load;
    experiment_spec experiment;
    observed seen;
    std::vector<proof_gap> gaps;
};

TEST_F(gaps_test, a_fault_that_acted_on_traffic_leaves_none)
{
    seen.served(0, 1, std::chrono::milliseconds(1));
    EXPECT_EQ(codes_of(faults(run_of(slow, {1, "1 hit"})), {{"cache", {1, 100}}}), words{});
    EXPECT_EQ(codes_of({}, {}), words{});
}

TEST_F(gaps_test, a_fault_that_met_nothing_is_one)
{
    seen.served(0, 1, std::chrono::milliseconds(1));
    EXPECT_EQ(codes_of(faults(run_of(slow, {0, "0 hits"})), {{"cache", {1, 100}}}),
              words{"FAULT_DID_NOT_FIRE"});
    // Nobody counts what a kill does.
    EXPECT_EQ(codes_of(faults(run_of(killed, {{}, "exited"})), {}), words{});
}

TEST_F(gaps_test, a_fault_of_a_proxy_that_nobody_could_ask_is_one)
{
    seen.served(0, 1, std::chrono::milliseconds(1));
    EXPECT_EQ(codes_of(faults(run_of(slow, {{}, "not known"}, "connection refused")), {}),
              words{"EVIDENCE_MISSING"});
    // A container that is gone behind its kill was killed for all that.
    EXPECT_EQ(codes_of(faults(run_of(killed, {{}, "not known"}, "no such container")), {}),
              words{});
}

TEST_F(gaps_test, a_fault_that_somebody_ended_early_is_one)
{
    seen.served(0, 1, std::chrono::milliseconds(1));
    EXPECT_EQ(codes_of(faults(run_of(slow, {1, "1 hit", "it was removed"})), {{"cache", {1, 100}}}),
              words{"EVIDENCE_MISSING"});
    action_spec paused;
    paused.type = "pause";
    paused.targets = {"worker"};
    EXPECT_EQ(codes_of(faults(run_of(paused, {{}, "has ended", "it ended"})), {}),
              words{"TARGET_GONE"});
}

TEST_F(gaps_test, a_fault_that_another_action_ended_is_none)
{
    seen.served(0, 1, std::chrono::milliseconds(1));
    action_spec paused;
    paused.type = "pause";
    paused.targets = {"worker"};
    for (auto const* type : {"kill", "command"}) {
        action_spec later = killed;
        later.type = type;
        std::vector<fault_run> all;
        all.push_back(run_of(paused, {{}, "has ended", "it ended"}));
        all.back().begin = observed::at(0.2);
        all.push_back(run_of(later, {{}, "done"}));
        EXPECT_EQ(codes_of(all, {}), words{"TARGET_GONE"}) << type;  // it never began
        all.back().begin = observed::at(0.5);
        EXPECT_EQ(codes_of(all, {}), words{}) << type;
        all.back().begin = observed::at(0.1);
        EXPECT_EQ(codes_of(all, {}), words{"TARGET_GONE"}) << type;
    }
}

TEST_F(gaps_test, a_load_that_failed_before_any_fault_is_one)
{
    seen.refused(0, 0.6).served(0.6, 1, std::chrono::milliseconds(1));
    EXPECT_EQ(codes_of({}, {}), words{});
    seen.fault("cache", 0.5, 1);
    EXPECT_EQ(codes_of({}, {}), words{"STEADY_STATE_MISSING"});
    EXPECT_EQ(gaps[0].text, "load had no answer before the first fault; of all its 100 requests 60 "
                            "failed as 'refused'");
    seen.fault("cache", 0.05, 1);  // too few before it
    EXPECT_EQ(codes_of({}, {}), words{});
}

TEST_F(gaps_test, a_load_that_waited_until_the_fault_and_never_had_an_answer_is_one)
{
    seen.refused(2, 2.5).fault("cache", 1.5, 3);
    EXPECT_EQ(codes_of({}, {}), words{"STEADY_STATE_MISSING"});
    seen.served(2.5, 3, std::chrono::milliseconds(1));
    EXPECT_EQ(codes_of({}, {}), words{});
}

TEST_F(gaps_test, answers_without_traffic_went_around_the_proxy)
{
    seen.served(0, 1, std::chrono::milliseconds(1));
    EXPECT_EQ(codes_of(faults(run_of(slow, {1, "1 hit"})), {{"cache", {0, 0}}}), words{"BYPASS"});
    EXPECT_NE(gaps[0].text.find("100 requests"), std::string::npos) << gaps[0].text;
}

TEST_F(gaps_test, no_answers_and_no_traffic_are_told_apart_from_few)
{
    EXPECT_EQ(codes_of(faults(run_of(slow, {1, "1 hit"})), {{"cache", {0, 0}}}),
              (words{"NO_TRAFFIC", "NO_TRAFFIC"}));
    seen.refused(0, 0.09);
    EXPECT_EQ(codes_of(faults(run_of(slow, {1, "1 hit"})), {{"cache", {9, 0}}}),
              words{"TOO_FEW_SAMPLES"});
    seen.refused(0.09, 0.1);
    EXPECT_EQ(codes_of(faults(run_of(slow, {1, "1 hit"})), {{"cache", {10, 0}}}), words{});
}

TEST_F(gaps_test, a_load_of_ones_own_is_not_counted)
{
    experiment.loads[0].type = "command";
    EXPECT_EQ(codes_of({}, {}), words{});
}

}  // namespace
}  // namespace aconite::experiment
