#pragma once

#include "clients/experiment/run/judge.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// What a run says about its hypothesis.
enum class verdict { held, not_held, inconclusive, could_not_run };

/// `held`, `not_held`, `inconclusive`, `could_not_run`.
[[nodiscard]] std::string_view word_of(verdict is);

/// Why a run proves nothing.
struct proof_gap {
    std::string code;  ///< FAULT_DID_NOT_FIRE and the like
    std::string text;  ///< what was seen, for people
};

/// A check of a run, as it stands in the report.
struct checked {
    enum class stage { before, validation, after };

    check_spec const* what = nullptr;
    stage when = stage::validation;
    judgement is{};
    bool control = false;  ///< it was seen to hold without the fault
};

/// Adds to the gaps those that the checks show, or that there are none; then: inconclusive with a
/// gap, else not held if a check failed, else held. A check that was seen to hold without the fault
/// and of which nothing is seen any more, as of a service that does not answer, has failed, and
/// says so afterwards.
[[nodiscard]] verdict decide(std::vector<checked>& checks, std::vector<proof_gap>& gaps);

}  // namespace aconite::experiment
