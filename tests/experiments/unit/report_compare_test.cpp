#include "clients/experiment/report/agreement.hpp"
#include "clients/experiment/report/diff.hpp"
#include "clients/experiment/report/summary.hpp"

#include "tests/experiments/unit/report_sample.hpp"

#include <gtest/gtest.h>

namespace aconite::experiment {
namespace {

json const* row_named(json const& rows, std::string const& name)
{
    for (auto const& each : rows)
        if (each.value("name", each.value("where", "")) == name)
            return &each;
    return nullptr;
}

TEST(report_diff, of_a_report_and_itself_is_nothing)
{
    auto const diff = diff_of(sample_report(), sample_report());
    EXPECT_EQ(diff["same"], true);
    EXPECT_TRUE(diff["numbers"].empty());
    EXPECT_EQ(diff_text(diff), "The verdict is the same.\nNo check came out differently.\nThe "
                               "settings are the same.\nThe numbers are the same.\n");
}

TEST(report_diff, tells_what_changed_the_greatest_first)
{
    auto after = sample_report();
    after["verdict"] = "held";
    after["checks"][1]["state"] = "passed";
    after["checks"][1]["actual"] = "1300 - 1300 == 0";
    after["actions"][1]["settings"]["latency"] = "500 ms";
    after["phases"][1]["planned_s"] = 60;
    after["load"][0]["summary"]["p99_ms"] = 10'006.4;
    after["load"][0]["summary"]["errors"] = 0;
    after["recovery"][1]["first_success_s"] = 2;
    auto const diff = diff_of(sample_report(), after);
    EXPECT_EQ(diff["same"], false);
    EXPECT_EQ(diff["verdict"], (json{{"before", "not_held"}, {"after", "held"}}));
    ASSERT_EQ(diff["checks"].size(), 1u);
    EXPECT_EQ(diff["checks"][0]["name"], "every order has its event");
    EXPECT_EQ(diff["checks"][0]["after"], "passed");
    ASSERT_NE(row_named(diff["settings"], "latency postgres in outage"), nullptr);
    ASSERT_NE(row_named(diff["settings"], "phase outage"), nullptr);
    EXPECT_EQ(diff["settings"].size(), 2u);
    ASSERT_EQ(diff["numbers"].size(), 4u);
    EXPECT_EQ(diff["numbers"][0]["name"], "recovery postgres first_success_s");
    EXPECT_TRUE(diff["numbers"][0]["change"].is_null());
    EXPECT_EQ(diff["numbers"][1]["change"], -1.0);
    EXPECT_EQ(diff["numbers"][2]["change"], 1.0);
    EXPECT_EQ(diff["numbers"][3]["name"], "check every order has its event: kafka.created");
    EXPECT_TRUE(diff["notes"].empty());
    auto const text = diff_text(diff);
    EXPECT_NE(text.find("Verdict: DID NOT HOLD -> HELD\n"), std::string::npos);
    EXPECT_NE(text.find("  load p99_ms: 5003 -> 1.001e+04 (+100 %)\n"), std::string::npos) << text;
}

TEST(report_diff, says_when_two_are_not_of_one_experiment_or_seed)
{
    auto other = sample_report();
    other["name"] = "Phantom event";
    other["seed"] = 7;
    auto const diff = diff_of(sample_report(), other);
    EXPECT_EQ(diff["same"], false);
    EXPECT_EQ(diff["notes"].size(), 2u);
    auto const text = diff_text(diff);
    EXPECT_NE(text.find("Beware: they are not of the same experiment: 'Lost event' and 'Phantom "
                        "event'.\n"),
              std::string::npos);
    EXPECT_NE(text.find("seed: 42 and 7"), std::string::npos);
}

TEST(report_agreement, has_verdicts_states_and_the_spread_of_numbers)
{
    json repeats = json::array();
    for (auto const p99 : {10.0, 40.0, 20.0}) {
        auto report = sample_report();
        report["load"][0]["summary"]["p99_ms"] = p99;
        repeats.push_back(repeat_of(report));
    }
    auto same = agreement_of(repeats);
    EXPECT_EQ(same["agree"], true);
    EXPECT_EQ(same["verdicts"], (json{{"not_held", 3}}));
    EXPECT_EQ(agreement_sentence(same), "3 runs agree: DID NOT HOLD 3 of 3.");
    auto const* const spread = row_named(same["numbers"], "load p99_ms");
    ASSERT_NE(spread, nullptr);
    EXPECT_EQ((*spread)["min"], 10.0);
    EXPECT_EQ((*spread)["median"], 20.0);
    EXPECT_EQ((*spread)["max"], 40.0);
    ASSERT_NE(row_named(same["numbers"], "check every order has its event: db.orders"), nullptr);

    repeats[2]["verdict"] = "held";
    repeats[2]["checks"]["every order has its event"] = "passed";
    auto const differ = agreement_of(repeats);
    EXPECT_EQ(differ["agree"], false);
    EXPECT_EQ(agreement_sentence(differ),
              "3 runs differ: DID NOT HOLD 2 of 3, HELD 1 of 3. 'every order has its event' passed "
              "1, failed 2, unknown 0 times.");
    EXPECT_EQ(agreement_of(json::array())["agree"], false);
}

TEST(report_summary, has_a_row_for_each_and_the_worst_verdict)
{
    auto held = sample_report();
    held["name"] = "Worker | crash";
    held["verdict"] = "held";
    auto open = sample_report();
    open["name"] = "Übersicht";
    open["verdict"] = "inconclusive";
    open["codes"] = {{{"code", "NO_TRAFFIC"}, {"text", ""}}};
    auto const rows = json::array({summary_row(held, "reports/a"), summary_row(open, "reports/b")});
    auto const inconclusive = summary_of(rows);
    EXPECT_EQ(inconclusive["verdict"], "inconclusive");
    EXPECT_EQ(inconclusive["duration_s"], 143.0);
    EXPECT_EQ(summary_text(inconclusive),
              "EXPERIMENT      VERDICT                   CHECKS PASSED  TOOK    REPORT\n"
              "Worker | crash  HELD                      4 of 5         71.5 s  reports/a\n"
              "Übersicht       INCONCLUSIVE: NO_TRAFFIC  4 of 5         71.5 s  reports/b\n"
              "1 of 2 held, 1 inconclusive; 2 min 23 s in all.\n");
    auto const markdown = summary_markdown(inconclusive);
    EXPECT_NE(markdown.find("| Worker \\| crash | HELD | 4 of 5 | 71.5 s | `reports/a` |"),
              std::string::npos)
        << markdown;
    auto all = rows;
    all.push_back(summary_row(sample_report(), ""));
    EXPECT_EQ(summary_of(all)["verdict"], "not_held");
    EXPECT_EQ(summary_of(json::array())["verdict"], "held");
}

}  // namespace
}  // namespace aconite::experiment
