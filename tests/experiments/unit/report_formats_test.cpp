#include "clients/experiment/report/agreement.hpp"
#include "clients/experiment/report/diff.hpp"
#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/folder.hpp"
#include "clients/experiment/report/html.hpp"
#include "clients/experiment/report/junit.hpp"
#include "clients/experiment/report/markdown.hpp"
#include "clients/experiment/report/push.hpp"
#include "clients/experiment/report/summary.hpp"

#include "tests/experiments/unit/markup.hpp"
#include "tests/experiments/unit/report_sample.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace aconite::experiment {
namespace {

std::size_t count_of(std::string_view what, std::string_view in)
{
    std::size_t count = 0;
    for (auto at = in.find(what); at != std::string_view::npos; at = in.find(what, at + 1))
        ++count;
    return count;
}

/// Cells of each line that is a row of a table, as GitHub reads it.
std::vector<std::size_t> cells_of_rows(std::string_view markdown)
{
    std::vector<std::size_t> counts;
    bool in_block = false;
    while (!markdown.empty()) {
        auto const line = markdown.substr(0, markdown.find('\n'));
        if (line.starts_with("```"))
            in_block = !in_block;
        if (!in_block && line.starts_with("|")) {
            std::size_t bars = 0;
            for (std::size_t i = 0; i < line.size(); ++i)
                if (line[i] == '\\')
                    ++i;
                else if (line[i] == '|')
                    ++bars;
            counts.push_back(bars - 1);
        } else {
            counts.push_back(0);
        }
        markdown.remove_prefix(std::min(line.size() + 1, markdown.size()));
    }
    return counts;
}

/// Without code spans and blocks, in which nothing has a meaning.
std::string without_code(std::string_view markdown)
{
    std::string out;
    for (std::size_t i = 0; i < markdown.size(); ++i) {
        if (markdown[i] == '\\' && i + 1 < markdown.size()) {
            out += markdown.substr(i++, 2);
            continue;
        }
        if (markdown[i] != '`') {
            out += markdown[i];
            continue;
        }
        auto const fence = markdown.find_first_not_of('`', i) - i;
        auto end = i + fence;
        for (;;) {
            auto const begin = markdown.find('`', end);
            if (begin == std::string_view::npos)
                return "a fence that is not closed <";
            end = std::min(markdown.find_first_not_of('`', begin), markdown.size());
            if (end - begin == fence)
                break;
        }
        i = end - 1;
    }
    return out;
}

void expect_tables_are_whole(std::string const& markdown)
{
    auto const counts = cells_of_rows(markdown);
    for (std::size_t i = 1; i < counts.size(); ++i)
        if (counts[i] != 0 && counts[i - 1] != 0) {
            ASSERT_EQ(counts[i], counts[i - 1]) << "line " << i + 1 << " of\n" << markdown;
        }
}

void expect_whole_html(std::string const& html)
{
    markup_reader reader(html, true);
    ASSERT_EQ(reader.fault(), "") << html;
    for (auto const& each : reader.attributes())
        for (auto const* outside :
             {"src=", "href=", "onload=", "onerror=", "onmouseover=", "action="})
            ASSERT_FALSE(each.starts_with(outside)) << each;
    // The page's own: one with data, one with code.
    ASSERT_LE(std::ranges::count(reader.elements(), "script"), 2);
    ASSERT_EQ(std::ranges::count(reader.elements(), "img"), 0);
    ASSERT_TRUE(is_utf8(html));
}

TEST(report_formats, have_every_check_phase_fault_and_probe)
{
    auto const report = sample_report();
    auto const markdown = markdown_of(report);
    auto const html = html_of(report);
    auto const junit = junit_of(report);
    for (auto const& check : report["checks"]) {
        auto const name = check["name"].get<std::string>();
        auto const expected = check["expected"].get<std::string>();
        EXPECT_NE(markdown.find(fmt::format("| {} | `{}` |", name, expected)), std::string::npos)
            << name;
        EXPECT_NE(html.find(">" + name + "</td>"), std::string::npos) << name;
        EXPECT_NE(html.find("<code>" + markup_text(expected) + "</code>"), std::string::npos);
        EXPECT_NE(junit.find("name=\"" + name), std::string::npos) << name;
    }
    for (auto const* list : {"phases", "probes"})
        for (auto const& each : report[list])
            for (auto const* text : {&markdown, &html})
                EXPECT_NE(text->find(each["name"].get<std::string>()), std::string::npos);
    for (auto const& each : report["actions"])
        for (auto const* text : {&markdown, &html})
            EXPECT_NE(text->find(each["evidence"].get<std::string>()), std::string::npos);
}

TEST(report_formats, have_the_load_of_the_control_beside_the_others)
{
    auto report = sample_report();
    EXPECT_EQ(markdown_of(report).find("| control | 4,321 |"), std::string::npos);
    report["load"][0]["control"] = report["load"][0]["summary"];
    report["load"][0]["control"]["requests"] = 4321;
    EXPECT_NE(markdown_of(report).find("| control | 4"), std::string::npos) << markdown_of(report);
}

TEST(report_formats, tell_the_verdict_and_why_in_words)
{
    auto report = sample_report();
    auto const begin_of = [](json const& of) {
        auto const text = markdown_of(of);
        return text.substr(0, text.find("\n\n|"));
    };
    EXPECT_EQ(begin_of(report),
              "# Lost event\n\n**DID NOT HOLD**: 1 of 5 checks failed: 'every order "
              "has its event' (expected db.orders - kafka.created == 0, seen 1300 "
              "- 1299 == 0).");
    report["verdict"] = "inconclusive";
    report["codes"] = {{{"code", "FAULT_DID_NOT_FIRE"}, {"text", "kafka: 0 hits"}}};
    EXPECT_NE(
        begin_of(report).find("**INCONCLUSIVE**: The run proved nothing, neither good nor bad. "
                              "kafka: 0 hits."),
        std::string::npos);
    EXPECT_NE(markdown_of(report).find("See that what is tested connects to the proxy's address"),
              std::string::npos);
    report["verdict"] = "could_not_run";
    report["error"] = "server main does not answer";
    EXPECT_NE(begin_of(report).find("**COULD NOT RUN**: "), std::string::npos);
    EXPECT_NE(begin_of(report).find("server main does not answer"), std::string::npos);
    report["verdict"] = "held";
    for (auto& each : report["checks"])
        each["state"] = "passed";
    EXPECT_NE(begin_of(report).find("**HELD**: All 5 checks passed"), std::string::npos);
}

TEST(report_formats, cannot_be_broken_by_what_a_text_says)
{
    for (auto const& text : hostile_texts()) {
        SCOPED_TRACE(text.substr(0, 60));
        auto const report = sample_with(text);
        expect_whole_html(html_of(report));
        auto const junit = junit_of(report);
        EXPECT_EQ(markup_reader(junit).fault(), "") << junit;
        EXPECT_TRUE(is_utf8(junit));
        auto const markdown = markdown_of(report);
        expect_tables_are_whole(markdown);
        EXPECT_TRUE(is_utf8(markdown));
        EXPECT_EQ(without_code(markdown).find('<'), std::string::npos) << without_code(markdown);
        EXPECT_EQ(without_code(markdown).find("](") == std::string::npos ||
                      without_code(markdown).find("\\](") != std::string::npos,
                  true);
        EXPECT_EQ(markdown.find('\x1b'), std::string::npos);
        EXPECT_TRUE(is_utf8(pushgateway_body(report)));
        EXPECT_FALSE(json::parse(otlp_body(report)).empty());
        EXPECT_TRUE(is_utf8(report_text(report)));
        EXPECT_EQ(diff_text(diff_of(sample_report(), report)).find('\x1b'), std::string::npos);
    }
}

TEST(report_formats, survive_any_json)
{
    std::mt19937_64 random(20261130);
    std::vector<json> reports{
        nullptr, true, 3, "text", json::array(), json::object(), json::array({sample_report()})};
    for (int i = 0; i < 50; ++i)
        reports.push_back(damaged_sample(random));
    json rows = json::array();
    json repeats = json::array();
    for (auto const& report : reports) {
        SCOPED_TRACE(report.dump().substr(0, 200));
        expect_whole_html(html_of(report));
        EXPECT_EQ(markup_reader(junit_of(report)).fault(), "");
        expect_tables_are_whole(markdown_of(report));
        EXPECT_TRUE(json::accept(otlp_body(report)));
        EXPECT_FALSE(pushgateway_body(report).empty());
        EXPECT_FALSE(diff_text(diff_of(sample_report(), report)).empty());
        EXPECT_FALSE(diff_text(diff_of(report, sample_report())).empty());
        EXPECT_FALSE(diff_text(report).empty());
        EXPECT_FALSE(summary_text(report).empty());
        EXPECT_FALSE(agreement_text(report).empty());
        EXPECT_FALSE(agreement_of(report).empty());
        rows.push_back(summary_row(report, "somewhere"));
        repeats.push_back(repeat_of(report));
        (void)report_in(report.dump(), "report.json");
    }
    EXPECT_EQ(count_of("\n", summary_text(summary_of(rows))), reports.size() + 2);
    EXPECT_EQ(agreement_of(repeats)["runs"], reports.size());
}

TEST(report_formats, draw_a_long_run_in_little)
{
    auto report = sample_report();
    auto& series = report["load"][0]["series"];
    for (auto const* name : {"t_s", "ok_per_s", "errors_per_s", "p50_ms", "p99_ms"})
        series[name] = json::array();
    for (int i = 0; i < 100'000; ++i) {
        series["t_s"].push_back(i * 0.1);
        for (auto const* name : {"ok_per_s", "errors_per_s", "p50_ms", "p99_ms"})
            series[name].push_back(i % 1000 == 500 ? 1000 : i % 7);
    }
    auto const html = html_of(report);
    auto const svg = html.substr(html.find("<svg"), html.find("</svg>") - html.find("<svg"));
    EXPECT_LT(svg.size(), 500'000u);
    // The one moment among a thousand is still to be seen: a line that goes to the top.
    EXPECT_NE(svg.find("<path class=\"line tail\""), std::string::npos);
}

TEST(escape, keeps_markdown_and_markup_apart_from_text)
{
    EXPECT_EQ(markdown_text("a_b _c_ 1*2 <x> |"), "a_b \\_c\\_ 1\\*2 &lt;x&gt; \\|");
    EXPECT_EQ(markdown_code("a | b"), "`a \\| b`");
    EXPECT_EQ(markdown_code("a \\| b"), "a \\\\\\| b");
    EXPECT_EQ(markdown_code("`a` b"), "`` `a` b ``");
    EXPECT_EQ(markdown_code(""), "");
    EXPECT_EQ(markdown_block("```"), "````text\n```\n````\n");
    EXPECT_EQ(markdown_paragraphs("one\n---\n# two"), "one\n\\---\n\\# two");
    EXPECT_EQ(markup_text("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    EXPECT_EQ(well_formed("a\xff\x01 \xed\xa0\x80\n"), "a\xEF\xBF\xBD\xEF\xBF\xBD "
                                                       "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n");
    EXPECT_EQ(one_line("a\nb\x1b"), "a\\nb\\x1b");
}

}  // namespace
}  // namespace aconite::experiment
