#include "clients/experiment/run/recovery.hpp"
#include "tests/experiments/unit/observed.hpp"

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

class recovery_test : public ::testing::Test {
protected:
    recovery_test() { seen.phase("calm", 0, 10).phase("fault", 10, 20).with_load(); }

    static double seconds(time_point at)
    {
        return at == never ? -1 : std::chrono::duration<double>(at - observed::at(0)).count();
    }

    observed seen;
};

TEST_F(recovery_test, is_told_from_the_end_of_the_fault)
{
    seen.fault("db", 10, 20).served(0, 10, 10ms).refused(10, 23).served(23, 40, 10ms);
    auto const found = recovery_of(seen.of, "db");
    ASSERT_TRUE(found);
    EXPECT_EQ(seconds(found->fault_end), 20);
    EXPECT_EQ(seconds(found->first_success), 23);
    EXPECT_NEAR(seconds(found->row_of_successes), 23.1, 0.001);
    EXPECT_NEAR(seconds(found->p95_back), 23.3, 0.8);  // the first second with enough that is quick
}

TEST_F(recovery_test, one_success_between_errors_is_no_row_of_them)
{
    seen.fault("db", 10, 20).served(0, 10, 10ms).refused(10, 21);
    seen.served(21, 21.01, 10ms).refused(21.01, 25).served(25, 30, 10ms);
    auto const found = recovery_of(seen.of, "db");
    ASSERT_TRUE(found);
    EXPECT_EQ(seconds(found->first_success), 21);
    EXPECT_NEAR(seconds(found->row_of_successes), 25.1, 0.001);
}

TEST_F(recovery_test, answers_that_stay_slow_are_not_back)
{
    seen.fault("db", 10, 20).served(0, 10, 10ms).refused(10, 20).served(20, 30, 16ms);
    auto const found = recovery_of(seen.of, "db");
    ASSERT_TRUE(found);
    EXPECT_EQ(seconds(found->first_success), 20);
    EXPECT_EQ(found->p95_back, never);
}

TEST_F(recovery_test, what_did_not_come_back_never_did)
{
    seen.fault("db", 10, 20).served(0, 10, 10ms).refused(10, 30);
    auto const found = recovery_of(seen.of, "db");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->first_success, never);
    EXPECT_EQ(found->row_of_successes, never);
    EXPECT_EQ(found->p95_back, never);
}

TEST_F(recovery_test, a_load_that_noticed_nothing_has_nothing_to_recover_from)
{
    seen.fault("db", 10, 20).served(0, 30, 10ms);
    auto const found = recovery_of(seen.of, "db");
    ASSERT_TRUE(found);
    EXPECT_EQ(seconds(found->first_success), 20);
    EXPECT_EQ(seconds(found->row_of_successes), 20);
    EXPECT_EQ(seconds(found->p95_back), 21);
}

TEST_F(recovery_test, several_faults_count_as_one_up_to_the_last_end)
{
    seen.fault("db", 10, 12).fault("db", 14, 20).fault("cache", 11, 13);
    seen.served(0, 10, 10ms).refused(10, 20).served(20, 30, 10ms);
    EXPECT_EQ(seconds(recovery_of(seen.of, "db")->fault_end), 20);
    auto const all = recoveries(seen.of);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].target, "db");
    EXPECT_EQ(all[1].target, "cache");
    EXPECT_EQ(seconds(all[1].first_success), 20);
}

TEST_F(recovery_test, there_is_none_of_a_fault_that_goes_on_or_never_was)
{
    seen.served(0, 10, 10ms);
    EXPECT_FALSE(recovery_of(seen.of, "db"));
    seen.of.add_fault({"db", observed::at(10), never, std::nullopt});
    EXPECT_FALSE(recovery_of(seen.of, "db"));
    EXPECT_TRUE(recoveries(seen.of).empty());
}

TEST(recovery_without_a_load, cannot_be_told)
{
    observed seen;
    seen.phase("calm", 0, 10).fault("db", 1, 2);
    EXPECT_FALSE(recovery_of(seen.of, "db"));
}

TEST_F(recovery_test, hits_are_summed_where_they_are_counted)
{
    seen.fault("db", 10, 12, 3).fault("db", 14, 20).fault("db", 15, 16, 4).fault("disk", 1, 2);
    EXPECT_EQ(to_text(*hits_on(seen.of, "db")), "7");
    EXPECT_FALSE(hits_on(seen.of, "disk"));
}

}  // namespace
}  // namespace aconite::experiment
