#include "clients/experiment/run/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {

std::string_view word_of(verdict is)
{
    switch (is) {
    case verdict::held:
        return "held";
    case verdict::not_held:
        return "not_held";
    case verdict::inconclusive:
        return "inconclusive";
    case verdict::could_not_run:
        break;
    }
    return "could_not_run";
}

verdict decide(std::vector<checked>& checks, std::vector<proof_gap>& gaps)
{
    bool failed = false;
    auto const target_gone = [&] {
        return std::ranges::find(gaps, "TARGET_GONE", &proof_gap::code) != gaps.end();
    };
    if (checks.empty() && !target_gone())
        gaps.push_back({"NOTHING_CHECKED",
                        "the file has neither a validation nor a steady_state: nothing was "
                        "expected that could have failed"});
    for (auto& each : checks) {
        if (each.when != checked::stage::before && each.control && !each.is.too_few &&
            each.is.state == check_state::unknown) {
            each.is.state = check_state::failed;
            each.is.actual = each.is.text;
        }
        bool const passed = each.is.state == check_state::passed;
        if (each.when == checked::stage::before) {
            if (!passed)
                gaps.push_back(
                    {"STEADY_STATE_MISSING",
                     fmt::format("'{}' did not hold before the first fault: {}", each.what->name,
                                 each.is.text.empty() ? each.is.actual : each.is.text)});
            continue;
        }
        if (passed)
            continue;
        if (each.is.state != check_state::failed) {
            if (target_gone())
                continue;  // which says why
            gaps.push_back(
                {each.is.unseen ? "EVIDENCE_MISSING" : "TOO_FEW_SAMPLES",
                 fmt::format("'{}' could not be judged: {}", each.what->name, each.is.text)});
            continue;
        }
        failed = true;
        if (!each.control && each.when == checked::stage::validation)
            gaps.push_back({"NO_CONTROL",
                            fmt::format("'{}' did not hold, but was never seen to hold without the "
                                        "fault: run it with --control, or begin with a phase "
                                        "without faults",
                                        each.what->name)});
    }
    if (!gaps.empty())
        return verdict::inconclusive;
    return failed ? verdict::not_held : verdict::held;
}

}  // namespace aconite::experiment
