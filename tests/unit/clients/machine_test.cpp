#include "clients/cli/doctor/machine.hpp"

#include "clients/cli/doctor/doctor.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace aconite::cli {
namespace {

machine_facts good_machine()
{
    machine_facts facts;
    facts.open_files_max = 20'000;
    facts.pipe_pages_soft = 16'384;
    facts.pipe_pages_hard = 0;
    facts.listen_queue_max = 4'096;
    facts.local_ports = 28'232;
    facts.clock = "tsc";
    facts.timer_slack_ns = 50'000;
    return facts;
}

finding found_at(findings const& all, std::string const& check)
{
    auto const at = std::ranges::find(all, check, &finding::check);
    return at == all.end() ? finding{"nothing"} : *at;
}

TEST(machine, a_usual_one_has_nothing_to_complain_about)
{
    for (auto const& one : judge_machine(good_machine())) {
        EXPECT_EQ(one.how, grade::ok) << one.check;
        EXPECT_EQ(one.advice, "") << one.check;
    }
}

TEST(machine, each_limit_that_is_low_is_a_warning_with_advice)
{
    auto const warns = [](std::string const& check, machine_facts const& facts) {
        auto const one = found_at(judge_machine(facts), check);
        return one.how == grade::warning && !one.advice.empty();
    };
    auto low = good_machine();
    low.open_files_max = 1'024;
    EXPECT_TRUE(warns("open files", low));
    low = good_machine();
    low.listen_queue_max = 128;
    EXPECT_TRUE(warns("listen queue", low));
    low = good_machine();
    low.local_ports = 1'000;
    EXPECT_TRUE(warns("local ports", low));
    low = good_machine();
    low.clock = "acpi_pm";
    EXPECT_TRUE(warns("clock", low));
    low = good_machine();
    low.timer_slack_ns = 40'000'000;
    EXPECT_TRUE(warns("clock", low));
    low = good_machine();
    low.pipe_pages_hard = 1'024;
    EXPECT_TRUE(warns("pipes", low));
    low.beyond_quota = true;
    EXPECT_FALSE(warns("pipes", low));
}

TEST(machine, what_the_kernel_does_not_tell_is_no_warning)
{
    machine_facts unknown;
    unknown.open_files_max = 20'000;
    for (auto const& one : judge_machine(unknown))
        EXPECT_EQ(one.how, grade::ok) << one.check;
}

TEST(machine, a_right_that_is_missing_says_what_follows)
{
    EXPECT_NE(found_at(judge_machine(good_machine()), "CAP_NET_ADMIN").found.find("refused"),
              std::string::npos);
}

TEST(machine, this_one_can_be_read)
{
    auto const facts = read_machine();
    EXPECT_GT(facts.open_files_max, 0U);
    EXPECT_GT(facts.local_ports.value_or(0), 0U);
    EXPECT_GT(facts.timer_slack_ns, 0U);
}

TEST(doctor, counts_what_is_not_ok)
{
    auto const text = format_findings({{"a", grade::ok, "fine"},
                                       {"b", grade::warning, "low", "raise it"},
                                       {"c", grade::problem, "gone", "start it"}},
                                      {});
    EXPECT_EQ(text, "CHECK  STATE    FOUND\n"
                    "a      ok       fine\n"
                    "b      warning  low: raise it\n"
                    "c      problem  gone: start it\n"
                    "problems: 1, warnings: 1\n");
}

}  // namespace
}  // namespace aconite::cli
