#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/run/observations.hpp"

#include <string>

namespace aconite::experiment {

enum class check_state {
    open,  ///< it may still come to hold, or cease to
    passed,
    failed,
    unknown,  ///< what it needs was never seen
};

/// How a check stands.
struct judgement {
    check_state state = check_state::open;
    std::string expected{};  ///< for people
    std::string actual{};    ///< the same with what the names were; may be empty
    time_point at = never;   ///< when that was decided
    std::string text{};      ///< why it is unknown
    bool too_few = false;    ///< it is unknown since there were too few looks
    bool unseen = false;     ///< it is unknown since a look at one of its probes never succeeded
};

/// When things were over, as far as they are: `never` until then.
struct run_ends {
    time_point phases = never;  ///< the last phase's end
    time_point load = never;    ///< no load any more, and each probe had a look since
    time_point all = never;     ///< nothing is awaited any more
};

/// How the check stands at `now`, by what was observed. The windows that checks look at:
/// docs/experiments.md.
[[nodiscard]] judgement judge(check_spec const& check, observations const& of, run_ends const& ends,
                              time_point now);

/// Whether it was seen to hold before the first fault: what never did cannot blame the fault.
[[nodiscard]] bool held_without_fault(check_spec const& check, observations const& of);

/// Whether it holds at this time alone: of a steady state.
[[nodiscard]] judgement judge_now(check_spec const& check, observations const& of, time_point now);

}  // namespace aconite::experiment
