#include "clients/experiment/report/verdict.hpp"

#include "clients/experiment/report/figures.hpp"

#include <fmt/format.h>

namespace aconite::experiment {
namespace {

constexpr std::size_t failures_told = 3;

constexpr code_help codes[] = {
    {"FAULT_DID_NOT_FIRE",
     "A fault was in force, but nothing ran into it, so the run says nothing about it.",
     "See that what is tested connects to the proxy's address and not to the server's own, that "
     "there is load while the fault is in force, and that the fault's match is not too narrow."},
    {"EVIDENCE_MISSING",
     "A fault, a proxy or its server was lost, or a probe never saw anything, so that nobody "
     "knows what a fault did to its end.",
     "See that what probes look at is there, that the server of the proxies keeps running, and "
     "that nobody else removes proxies or toxics there."},
    {"TARGET_GONE",
     "A container or process that faults are aimed at was removed, ended or let go on in the "
     "middle of a fault, or the server of the proxies was gone before the end.",
     "See that nobody else uses these containers and processes, that they and the server do not "
     "end by themselves, and run containers without --rm."},
    {"NOTHING_CHECKED", "The file says nothing that has to hold, so nothing could have failed.",
     "Say under 'validation' what the hypothesis comes to, as `expect: load.errors == 0`."},
    {"NO_TRAFFIC", "Next to no request was sent while the fault was in force.",
     "Begin the load before the fault, see that its address is right, and make the phase longer."},
    {"NO_CONTROL",
     "A check was never seen to pass without the fault, so the fault cannot be blamed for it.",
     "Run it with --control, which runs the same load without faults first, or mend the check."},
    {"STEADY_STATE_MISSING",
     "The system was not well before the faults began, so they cannot be blamed for anything.",
     "Bring the system into its steady state first; the checks of the stage 'before' tell what is "
     "missing."},
    {"BYPASS", "A client reached its server on another way than through the proxy.",
     "Give every client the proxy's address, and close the server's own to them."},
    {"TOO_FEW_SAMPLES", "A number was compared that stands on too few measurements.",
     "Make the phase longer, the load's rate higher or the probes' interval shorter."},
};

std::string failures_in(json const& report)
{
    std::string text;
    std::size_t failed = 0;
    for (auto const& each : list_of(report, "checks")) {
        if (text_of(each, "state") != "failed")
            continue;
        if (++failed > failures_told)
            continue;
        auto const actual = shown(each, "actual");
        text += fmt::format("{}'{}' (expected {}, seen {})", failed == 1 ? "" : "; ",
                            shown(each, "name"), shown(each, "expected"),
                            actual == "-" || actual.empty() ? "nothing" : actual);
    }
    if (failed > failures_told)
        text += fmt::format("; and {} more", failed - failures_told);
    return text;
}

std::string reason_in(json const& report)
{
    std::string text;
    for (auto const& each : list_of(report, "codes")) {
        auto told = text_of(each, "text");
        if (told.empty())
            told = help_for(text_of(each, "code")).meaning;
        if (told.empty())
            told = shown(each, "code");
        text.append(text.empty() ? "" : " ").append(told);
        if (!text.ends_with('.'))
            text += '.';
    }
    return text;
}

verdict_words held(check_counts const& checks)
{
    auto const what = checks.all == 0   ? std::string("There was nothing to check.")
                      : checks.all == 1 ? std::string("The one check passed")
                                        : fmt::format("All {} checks passed", checks.passed);
    return {"", checks.all == 0 ? what : what + ": what was expected is what was seen.", "no",
            tone::good};
}

verdict_words not_held(json const& report, check_counts const& checks)
{
    auto const failures = failures_in(report);
    if (failures.empty())
        return {"", "What was expected is not what was seen.", "yes", tone::bad};
    return {"",
            fmt::format("{} of {} failed: {}.", checks.failed,
                        counted(checks.all, "check", "checks"), failures),
            "yes: " + failures, tone::bad};
}

verdict_words inconclusive(json const& report)
{
    auto const reason = reason_in(report);
    return {"", "The run proved nothing, neither good nor bad. " + reason,
            "not known: the run proved nothing", tone::unsure};
}

verdict_words could_not_run(json const& report)
{
    auto error = text_of(report, "error");
    if (error.empty())
        error = reason_in(report);
    return {"", "The experiment did not come to its end" + (error.empty() ? "." : ": " + error),
            "not known: the experiment could not run", tone::unsure};
}

}  // namespace

code_help help_for(std::string_view code)
{
    for (auto const& each : codes)
        if (each.code == code)
            return each;
    return {};
}

std::string verdict_word(std::string_view verdict)
{
    return verdict == "held"            ? "HELD"
           : verdict == "not_held"      ? "DID NOT HOLD"
           : verdict == "inconclusive"  ? "INCONCLUSIVE"
           : verdict == "could_not_run" ? "COULD NOT RUN"
                                        : "NO VERDICT";
}

tone verdict_tone(std::string_view verdict)
{
    return verdict == "held" ? tone::good : verdict == "not_held" ? tone::bad : tone::unsure;
}

bool has_proved(json const& report)
{
    auto const verdict = text_of(report, "verdict");
    return verdict == "held" || verdict == "not_held";
}

check_counts checks_of(json const& report)
{
    check_counts counts;
    for (auto const& each : list_of(report, "checks")) {
        auto const state = text_of(each, "state");
        ++counts.all;
        counts.passed += state == "passed" ? 1 : 0;
        counts.failed += state == "failed" ? 1 : 0;
    }
    return counts;
}

verdict_words verdict_of(json const& report)
{
    auto const verdict = text_of(report, "verdict");
    auto const checks = checks_of(report);
    auto words = verdict == "held"           ? held(checks)
                 : verdict == "not_held"     ? not_held(report, checks)
                 : verdict == "inconclusive" ? inconclusive(report)
                 : verdict == "could_not_run"
                     ? could_not_run(report)
                     : verdict_words{"", "The report has no verdict.", "not known", tone::unsure};
    words.word = verdict_word(verdict);
    return words;
}

}  // namespace aconite::experiment
