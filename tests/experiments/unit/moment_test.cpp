#include "clients/experiment/run/moment.hpp"
#include "tests/experiments/unit/observed.hpp"

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

class moment_test : public ::testing::Test {
protected:
    moment_test()
    {
        seen.phase("calm", 0, 10).phase("fault", 10, 20);
        for (int i = 0; i <= 20; ++i)
            seen.saw("rows", i, static_cast<double>(i * i));
    }

    /// What an expression comes to at that second, in the words of a report.
    std::string is(std::string_view text, double second, double from = 0)
    {
        auto const found =
            expression_of(text).evaluate(moment(seen.of, observed::at(from), observed::at(second)));
        return found ? to_text(*found) : found.error().text;
    }

    observed seen;
};

TEST_F(moment_test, a_name_is_what_was_seen_last)
{
    EXPECT_EQ(is("rows", 3), "9");
    EXPECT_EQ(is("rows", 3.999), "9");
    EXPECT_EQ(is("rows", -1), "rows was not looked at yet");
    EXPECT_EQ(is("nobody", 3), "nobody was not looked at yet");
    seen.saw_nothing("rows", 21, "no answer");
    EXPECT_EQ(is("rows", 20.5), "400");
    EXPECT_EQ(is("rows", 21), "rows: no answer");
}

TEST_F(moment_test, phases_are_looked_at_by_their_names)
{
    EXPECT_EQ(is("at(rows, calm)", 20), "100");
    EXPECT_EQ(is("at(rows, calm)", 5), "25");  // as far as it is
    EXPECT_EQ(is("delta(rows, fault)", 20), "300");
    EXPECT_EQ(is("delta(rows)", 15), "225");
    EXPECT_EQ(is("highest(rows, calm)", 20), "100");
    EXPECT_EQ(is("lowest(rows, fault)", 20), "100");
    EXPECT_EQ(is("at(rows, nowhere)", 20), "the phase nowhere has not begun");
    EXPECT_EQ(is("highest(nobody)", 20), "nobody was not seen in that time");
    EXPECT_EQ(is("at(rows)", 20), "at takes a name and a phase");
    EXPECT_EQ(is("delta(rows, calm, fault)", 20), "delta takes a name, or a name and a phase");
    EXPECT_EQ(is("delta(1 + 1)", 20), "delta takes a name, or a name and a phase");
    EXPECT_EQ(is("nosuch(rows)", 20), "no function is called nosuch");
}

TEST_F(moment_test, a_difference_needs_two_numbers)
{
    seen.saw("late", 12, 5.0).saw("word", 0, std::string("well")).saw("word", 20, 1.0);
    EXPECT_EQ(is("delta(late)", 20), "of late nothing is known from the begin");
    EXPECT_EQ(is("delta(word)", 20), "word is no number");
}

TEST_F(moment_test, a_load_has_the_values_of_its_window)
{
    seen.with_load().served(0, 10, 10ms).served(10, 15, 100ms).refused(15, 20);
    EXPECT_EQ(is("load.requests", 20), "2000");
    EXPECT_EQ(is("load.errors", 20), "500");
    EXPECT_EQ(is("load.error_rate", 20), "0.25");
    EXPECT_EQ(is("load.rate", 10), "100");
    EXPECT_EQ(is("load.ok", 20, 10), "500");
    EXPECT_EQ(is("load.seconds", 20, 10), "10");
    EXPECT_EQ(is("during(load.p50, calm) < 11ms and during(load.p50, fault) > 99ms", 20), "1");
    EXPECT_EQ(is("load.max >= 100ms", 20), "1");
    EXPECT_EQ(is("load.p99", 20, 15), "load.p99: nothing was answered");
    EXPECT_EQ(is("load.errors", 20, 15), "500");
    EXPECT_EQ(is("load.nosuch", 20), "load.nosuch: nothing was answered");
}

TEST_F(moment_test, one_load_of_several_is_named_with_or_without_the_word_load)
{
    seen.with_load("orders").served(0, 1, 10ms);
    EXPECT_EQ(is("orders.ok", 20), "100");
    EXPECT_EQ(is("load.orders.ok", 20), "100");
}

TEST_F(moment_test, before_any_fault_there_is_nothing_to_recover_from)
{
    seen.with_load().served(0, 10, 10ms).refused(10, 23).served(23, 25, 10ms);
    EXPECT_EQ(is("recovery(db)", 25), "0");  // no fault at all
    seen.fault("db", 10, 20, 7);
    EXPECT_EQ(is("recovery(db)", 10), "0");
    EXPECT_EQ(is("recovery(db)", 25), "3");
    EXPECT_EQ(is("recovery(other)", 25),
              "no fault was put on other, or it is not over, or there is no load to tell by");
    EXPECT_EQ(is("hits(db)", 25), "7");
    EXPECT_EQ(is("hits(other)", 25), "nobody counts what faults of other do");
    EXPECT_EQ(is("recovery(db, calm)", 25), "recovery takes a target");
}

TEST_F(moment_test, what_did_not_recover_has_no_time_of_it)
{
    seen.with_load().served(0, 10, 10ms).refused(10, 25).fault("db", 10, 20);
    EXPECT_EQ(is("recovery(db) < 5s", 25), "db did not recover");
}

TEST_F(moment_test, names_of_the_caller_come_first)
{
    moment now(seen.of, observed::at(0), observed::at(3));
    now.also("rows", result<value>(value(1.0)));
    now.also("baseline", result<value>(problem{0, "too early"}));
    EXPECT_EQ(to_text(*now.of_name("rows")), "1");
    EXPECT_EQ(now.of_name("baseline").error().text, "too early");
}

}  // namespace
}  // namespace aconite::experiment
