#include "clients/experiment/report/junit.hpp"

#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

constexpr double suite_seconds_max = 1e9;

/// An attribute's value: no line ends in it, as a reader would turn them into blanks.
std::string xml_value(std::string_view text)
{
    return markup_text(one_line(text));
}

std::string suite_time(json const& report)
{
    auto const seconds = number_of(report, "duration_s").value_or(0);
    return fmt::format("{:.3f}", std::clamp(seconds, 0.0, suite_seconds_max));
}

/// Without a zone, as the schema has it.
std::string suite_timestamp(json const& report)
{
    constexpr std::string_view form = "0000-00-00T00:00:00";
    auto const when = text_of(report, "started").substr(0, form.size());
    bool good = when.size() == form.size();
    for (std::size_t i = 0; good && i < form.size(); ++i)
        good = form[i] == '0' ? when[i] >= '0' && when[i] <= '9' : when[i] == form[i];
    return good ? when : "1970-01-01T00:00:00";
}

/// The cases of a suite, and how many there are of each sort.
struct suite {
    std::string classname;
    std::string cases{};
    int tests = 0;
    int failures = 0;
    int errors = 0;
    int skipped = 0;

    void add(std::string_view name, std::string_view outcome)
    {
        ++tests;
        cases += fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"0\"",
                             xml_value(name), classname);
        cases += outcome.empty() ? "/>\n" : fmt::format(">\n{}    </testcase>\n", outcome);
    }
    void add_error(std::string_view name, std::string_view type, std::string_view text)
    {
        ++errors;
        add(name, fmt::format("      <error type=\"{}\" message=\"{}\">{}</error>\n",
                              xml_value(type), xml_value(text), markup_text(several_lines(text))));
    }
};

std::string check_title(json const& check)
{
    auto const stage = text_of(check, "stage");
    auto const name = shown(check, "name");
    return stage == "before"  ? name + " (before the faults)"
           : stage == "after" ? name + " (after the faults)"
                              : name;
}

void add_case(suite& to, json const& check, bool conclusive)
{
    auto const state = text_of(check, "state");
    auto const expected = shown(check, "expected");
    auto const actual = shown(check, "actual");
    if (state == "passed")
        return to.add(check_title(check), "");
    auto const text = text_of(check, "text");
    if (state == "failed" && conclusive) {
        ++to.failures;
        auto const message = fmt::format("expected {}, seen {}", expected, actual);
        return to.add(check_title(check),
                      fmt::format("      <failure type=\"check\" message=\"{}\">expected: {}\n"
                                  "actual:   {}\n{}</failure>\n",
                                  xml_value(message), xml_value(expected), xml_value(actual),
                                  markup_text(several_lines(text))));
    }
    ++to.skipped;
    auto message = state == "failed" ? fmt::format("the run proved nothing: expected {}, seen {}",
                                                   expected, actual)
                                     : "the run left it open";
    if (!text.empty())
        message += ": " + text;
    to.add(check_title(check),
           fmt::format("      <skipped message=\"{}\"/>\n", xml_value(message)));
}

void add_verdict(suite& to, json const& report, std::string const& verdict)
{
    auto const& codes = list_of(report, "codes");
    if (verdict == "held" || verdict == "not_held") {
        // Whoever reads only counts must see it even if no check says so.
        if (verdict == "not_held" && to.failures == 0) {
            ++to.failures;
            to.add("the verdict",
                   "      <failure type=\"verdict\" message=\"it did not hold\"/>\n");
        }
        return;
    }
    if (verdict == "inconclusive" && !codes.empty())
        for (auto const& each : codes) {
            auto const code = shown(each, "code");
            auto const text = text_of(each, "text");
            to.add_error("the run proves something: " + code, code,
                         text.empty() ? std::string(help_for(code).meaning) : text);
        }
    else
        to.add_error("the experiment comes to a verdict", verdict.empty() ? "no_verdict" : verdict,
                     verdict_of(report).sentence);
}

std::string suite_text(json const& report, std::size_t ordinal)
{
    auto const name = text_of(report, "name").empty() ? "experiment" : text_of(report, "name");
    auto const verdict = text_of(report, "verdict");
    suite all{"aconite." + xml_value(name)};
    for (auto const& each : list_of(report, "checks"))
        add_case(all, each, verdict == "held" || verdict == "not_held");
    add_verdict(all, report, verdict);
    auto const host = text_of(object_of(report, "environment"), "host");
    std::string text = fmt::format(
        "  <testsuite name=\"{}\" package=\"aconite\" id=\"{}\" timestamp=\"{}\" hostname=\"{}\" "
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\">\n    "
        "<properties>\n",
        xml_value(name), ordinal, suite_timestamp(report),
        host.empty() ? "localhost" : xml_value(host), all.tests, all.failures, all.errors,
        all.skipped, suite_time(report));
    for (auto const* property : {"verdict", "seed", "file", "started"})
        text += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", property,
                            xml_value(shown(report, property)));
    auto const words = verdict_of(report);
    return text + "    </properties>\n" + all.cases + "    <system-out>" +
           markup_text(several_lines(words.word + ": " + words.sentence)) + "</system-out>\n" +
           "    <system-err>" + markup_text(several_lines(text_of(report, "error"))) +
           "</system-err>\n  </testsuite>\n";
}

}  // namespace

std::string junit_of(std::span<json const> reports)
{
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (std::size_t i = 0; i < reports.size(); ++i)
        text += suite_text(reports[i], i);
    return text + "</testsuites>\n";
}

std::string junit_of(json const& report)
{
    return junit_of(std::span(&report, 1));
}

}  // namespace aconite::experiment
