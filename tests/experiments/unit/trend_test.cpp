#include "clients/experiment/run/trend.hpp"
#include "tests/experiments/unit/observed.hpp"

namespace aconite::experiment {
namespace {

class trend_test : public ::testing::Test {
protected:
    trend_test() { seen.phase("baseline", 0, 10).phase("fault", 10, 20); }

    observed& rows(std::vector<double> const& numbers, double from = 0)
    {
        for (auto const number : numbers)
            seen.saw("rows", from++, number);
        return seen;
    }
    /// `yes`, `no`, or why that is not known.
    std::string holds(check_spec const& check, double from, double to)
    {
        auto const found = trend_of(check, seen.of, observed::at(from), observed::at(to));
        return found.holds ? *found.holds ? "yes" : "no" : found.why_not_known;
    }

    observed seen;
};

TEST(conditions, compare_with_their_operands)
{
    struct row {
        condition is;
        bool below, same, above;
    };
    for (auto const& [is, below, same, above] :
         {row{condition::gt, false, false, true}, row{condition::ge, false, true, true},
          row{condition::lt, true, false, false}, row{condition::le, true, true, false},
          row{condition::eq, false, true, false}, row{condition::ne, true, false, true}}) {
        EXPECT_EQ(compares(is, 1, {2}), below) << word_of(is);
        EXPECT_EQ(compares(is, 2, {2}), same) << word_of(is);
        EXPECT_EQ(compares(is, 3, {2}), above) << word_of(is);
        EXPECT_FALSE(is_trend(is));
    }
    EXPECT_TRUE(compares(condition::between, 1, {1, 3}));
    EXPECT_TRUE(compares(condition::between, 3, {1, 3}));
    EXPECT_FALSE(compares(condition::between, 3.1, {1, 3}));
    EXPECT_FALSE(is_trend(condition::between));
    EXPECT_EQ(word_of(condition::between), "between");
    EXPECT_EQ(word_of(condition::rate_gt), "rate_gt");
    for (auto const is : {condition::increases, condition::decreasing, condition::stable,
                          condition::rate_lt, condition::rate_gt})
        EXPECT_TRUE(is_trend(is)) << word_of(is);
}

TEST_F(trend_test, increases_from_the_first_look_to_the_last)
{
    rows({1, 5, 2});
    EXPECT_EQ(holds(check_of("rows", condition::increases), 0, 2), "yes");
    EXPECT_EQ(holds(check_of("rows", condition::increases), 1, 2), "no");
    EXPECT_EQ(holds(check_of("rows", condition::decreasing), 1, 2), "yes");
    EXPECT_EQ(holds(check_of("rows", condition::decreasing), 0, 2), "no");
}

TEST_F(trend_test, with_a_time_limit_it_is_enough_that_it_once_did)
{
    rows({1, 5, 1});
    auto check = check_of("rows", condition::increases);
    EXPECT_EQ(holds(check, 0, 2), "no");
    check.within = std::chrono::seconds(2);
    EXPECT_EQ(holds(check, 0, 2), "yes");
}

TEST_F(trend_test, what_is_nothing_cannot_decrease)
{
    rows({0, 0, 0});
    EXPECT_EQ(holds(check_of("rows", condition::decreasing), 0, 2), "yes");
    EXPECT_EQ(holds(check_of("rows", condition::increases), 0, 2), "no");
    rows({0, 3}, 3);
    EXPECT_EQ(holds(check_of("rows", condition::decreasing), 0, 4), "no");
}

TEST_F(trend_test, the_value_at_the_begin_counts_though_it_was_seen_before)
{
    rows({7, 8});
    EXPECT_EQ(holds(check_of("rows", condition::increases), 0.5, 1), "yes");
    EXPECT_EQ(holds(check_of("rows", condition::increases), 1.5, 9),
              "rows was seen once in that time, at least twice is needed");
    EXPECT_EQ(holds(check_of("other", condition::increases), 0, 9),
              "other was seen never in that time, at least twice is needed");
}

TEST_F(trend_test, looks_that_failed_are_no_values)
{
    rows({1}).saw_nothing("rows", 1, "no answer").saw("rows", 2, std::string("word"));
    EXPECT_EQ(holds(check_of("rows", condition::increases), 0, 3),
              "rows was seen once in that time, at least twice is needed");
}

TEST_F(trend_test, stable_is_within_a_share_of_the_mean)
{
    rows({95, 100, 105});
    auto check = check_of("rows", condition::stable);
    EXPECT_EQ(holds(check, 0, 2), "yes");
    check.tolerance = 0.09;
    EXPECT_EQ(holds(check, 0, 2), "no");
    rows({0, 0}, 5);
    check.tolerance = 0;
    EXPECT_EQ(holds(check, 5, 6), "yes");
}

TEST_F(trend_test, a_rate_is_per_second_and_may_be_compared_with_that_of_the_baseline)
{
    for (int i = 0; i <= 20; ++i)
        seen.saw("rows", i, i <= 10 ? i * 10.0 : 100 + (i - 10) * 5.0);
    EXPECT_EQ(holds(check_of("rows", condition::rate_lt, {"6"}), 10, 20), "yes");
    EXPECT_EQ(holds(check_of("rows", condition::rate_lt, {"5"}), 10, 20), "no");
    EXPECT_EQ(holds(check_of("rows", condition::rate_gt, {"baseline_rate * 0.4"}), 10, 20), "yes");
    EXPECT_EQ(holds(check_of("rows", condition::rate_gt, {"baseline_rate * 0.6"}), 10, 20), "no");
    EXPECT_EQ(holds(check_of("rows", condition::rate_gt, {"baseline"}), 10, 20), "no");
    EXPECT_EQ(holds(check_of("rows", condition::rate_gt, {"other"}), 10, 20),
              "other was not looked at yet");
}

TEST(baseline, is_the_time_up_to_the_first_fault_where_no_phase_is_called_so)
{
    observed seen;
    seen.phase("first", -0.5, 10).fault("db", 4, 8);
    for (int i = 0; i <= 10; ++i)
        seen.saw("rows", i, i <= 4 ? i * 2.0 : 100.0);
    moment now(seen.of, observed::at(0), observed::at(10));
    add_baseline(now, seen.of, "rows");
    EXPECT_EQ(to_text(*now.of_name("baseline_rate")), "2");
    EXPECT_EQ(to_text(*now.of_name("baseline")), "4");  // of 0, 2, 4, 6, 8

    moment other(seen.of, observed::at(0), observed::at(10));
    add_baseline(other, seen.of, "nobody");
    EXPECT_EQ(other.of_name("baseline").error().text,
              "nobody was not seen often enough before the fault");
}

}  // namespace
}  // namespace aconite::experiment
