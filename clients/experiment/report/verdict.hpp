#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>
#include <string_view>

namespace aconite::experiment {

/// What is good, bad or neither, for whatever shows it.
enum class tone { plain, strong, code, good, bad, unsure, soft };

/// The verdict for a reader who knows none of our documents.
struct verdict_words {
    std::string word;           ///< `HELD`, `DID NOT HOLD`, `INCONCLUSIVE`, `COULD NOT RUN`
    std::string sentence;       ///< why
    std::string inconsistency;  ///< `no`, `yes: ...`, `not known: ...`
    tone how = tone::unsure;
};

/// Of any JSON.
[[nodiscard]] verdict_words verdict_of(json const& report);
/// The word alone, of `held` and the like.
[[nodiscard]] std::string verdict_word(std::string_view verdict);
[[nodiscard]] tone verdict_tone(std::string_view verdict);

/// Whether the run says something of the hypothesis, so that there is something to learn from it.
[[nodiscard]] bool has_proved(json const& report);

/// What a code means, and what to do; both empty for one that is not known.
struct code_help {
    std::string_view code;
    std::string_view meaning;
    std::string_view advice;
};
[[nodiscard]] code_help help_for(std::string_view code);

/// How many checks a report has, by their state.
struct check_counts {
    std::size_t all = 0;
    std::size_t passed = 0;
    std::size_t failed = 0;
};
[[nodiscard]] check_counts checks_of(json const& report);

}  // namespace aconite::experiment
