#include "clients/experiment/show/verdict_text.hpp"
#include "tests/experiments/unit/report_sample.hpp"

#include <gtest/gtest.h>

namespace aconite::experiment {
namespace {

bool text_has(std::string const& text, std::string_view part)
{
    return text.find(part) != text.npos;
}

json check_row(std::string name, std::string state, json more = json::object())
{
    json made{{"name", std::move(name)},
              {"stage", "validation"},
              {"expected", "a == 1"},
              {"actual", "1 == 1"},
              {"state", std::move(state)}};
    made.update(more);
    return made;
}

TEST(verdict_text, has_the_verdict_a_row_for_each_check_and_the_report)
{
    auto const text = verdict_text(
        {{"name", "Slow Redis"},
         {"verdict", "not_held"},
         {"checks",
          {check_row("quick", "failed"),
           check_row("in time", "passed", {{"at_s", 3.25}, {"within_s", 5}}),
           check_row("at last", "passed", {{"at_s", 3.25}}),
           check_row("unseen", "unknown", {{"actual", ""}, {"text", "nobody answers"}})}},
         {"learning", "Cache less."}},
        "reports/x");
    EXPECT_TRUE(text.starts_with("\nSlow Redis: DID NOT HOLD\n")) << text;
    EXPECT_TRUE(text_has(text, "  check    expected  seen            result\n")) << text;
    EXPECT_TRUE(text_has(text, "  quick    a == 1    1 == 1          DID NOT HOLD\n")) << text;
    EXPECT_TRUE(text_has(text, "  in time  a == 1    1 == 1          held at 3.2 s\n")) << text;
    EXPECT_TRUE(text_has(text, "  at last  a == 1    1 == 1          held\n")) << text;
    EXPECT_TRUE(text_has(text, "  unseen   a == 1    nobody answers  not known\n")) << text;
    EXPECT_TRUE(text_has(text, "\n  what it means: Cache less.\n")) << text;
    EXPECT_TRUE(text.ends_with("\n  report: reports/x/report.html\n")) << text;
}

TEST(verdict_text, says_what_was_learned_only_where_something_was_proved)
{
    for (auto const* verdict : {"held", "not_held", "inconclusive", "could_not_run"}) {
        auto const text =
            verdict_text({{"name", "x"}, {"verdict", verdict}, {"learning", "Cache less."}}, "f");
        bool const proved = std::string_view(verdict).ends_with("held");
        EXPECT_EQ(text_has(text, "Cache less."), proved) << text;
    }
}

TEST(verdict_text, breaks_texts_between_words)
{
    std::string long_text;
    for (int i = 0; i < 30; ++i)
        long_text += "word\n";
    auto const text = verdict_text({{"name", "x"},
                                    {"verdict", "held"},
                                    {"hypothesis", long_text},
                                    {"learning", "It holds.\n"},
                                    {"improvement", " \n"}},
                                   "f");
    EXPECT_TRUE(text_has(text, "  hypothesis: word word ")) << text;
    EXPECT_TRUE(text_has(text, " word\n    word ")) << text;
    EXPECT_TRUE(text_has(text, "\n  what it means: It holds.\n")) << text;
    EXPECT_FALSE(text_has(text, "what to do")) << text;
    EXPECT_FALSE(text_has(text, "\\n")) << text;
}

TEST(verdict_text, a_steady_state_has_a_row_only_where_it_did_not_hold)
{
    json const before{{"stage", "before"}};
    json const after{{"stage", "after"}};
    auto const text = verdict_text(
        {{"name", "x"},
         {"verdict", "not_held"},
         {"checks", {check_row("well", "passed", before), check_row("well", "failed", after)}}},
        "f");
    EXPECT_FALSE(text_has(text, "well (before)")) << text;
    EXPECT_TRUE(text_has(text, "well (after)")) << text;
    EXPECT_TRUE(text_has(text, "\n  and the steady state, before and after: 1 check held\n"))
        << text;
}

TEST(verdict_text, tells_the_codes_of_a_run_that_proved_nothing)
{
    auto const text =
        verdict_text({{"name", "x"},
                      {"verdict", "inconclusive"},
                      {"codes", {{{"code", "BYPASS"}, {"text", "a client goes\naround"}}}}},
                     "f");
    EXPECT_TRUE(text_has(text, "x: INCONCLUSIVE\n")) << text;
    EXPECT_TRUE(text_has(text, "\n  BYPASS: a client goes\\naround\n")) << text;
    EXPECT_FALSE(text_has(text, "check  ")) << text;
}

TEST(verdict_text, cells_are_cut_between_letters_and_stay_a_table)
{
    std::string umlauts;
    for (int i = 0; i < 100; ++i)
        umlauts += "ü";
    auto const text = verdict_text(
        {{"name", "x"}, {"verdict", "held"}, {"checks", {check_row(umlauts, "passed")}}}, "f");
    EXPECT_TRUE(text_has(text, umlauts.substr(0, 2 * 57) + "...  a == 1")) << text;
    EXPECT_FALSE(text_has(text, umlauts.substr(0, 2 * 58))) << text;
}

TEST(verdict_text, no_text_of_a_report_reaches_the_terminal_as_it_is)
{
    for (auto const& hostile : hostile_texts()) {
        auto report = sample_with(hostile);
        report["codes"] = {{{"code", hostile}, {"text", hostile}}};
        auto const text = verdict_text(report, "folder");
        for (unsigned char const c : text)
            EXPECT_TRUE(c == '\n' || c >= 0x20) << text;
    }
    for (auto const& odd : {json(), json(7), json::array({1}), json{{"checks", {1, "x", nullptr}}}})
        EXPECT_TRUE(text_has(verdict_text(odd, "folder"), "NO VERDICT"));
}

}  // namespace
}  // namespace aconite::experiment
