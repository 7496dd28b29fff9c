#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/run/moment.hpp"
#include "clients/experiment/run/observations.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Conditions of metrics: of one value, and of how it goes.
namespace aconite::experiment {

[[nodiscard]] std::string_view word_of(condition what);
/// Whether it is about several values: increases, decreasing, stable and the rates.
[[nodiscard]] bool is_trend(condition what);
/// Of the others: `number` against one operand, or two of `between`.
[[nodiscard]] bool compares(condition what, double number, std::vector<double> const& operands);

/// What a trend comes to.
struct trend {
    std::optional<bool> holds{};
    std::string actual{};
    std::string why_not_known{};
    bool too_few = false;  ///< there were too few looks
};

/// Of the metric's values in [from, to], the one that held at `from` among them. A decrease from 0
/// is none to ask for: it holds.
[[nodiscard]] trend trend_of(check_spec const& check, observations const& of, time_point from,
                             time_point to);

/// Adds `baseline` and `baseline_rate`: the metric's mean and its rate a second in the phase called
/// baseline, else from the first phase's begin to the first fault.
void add_baseline(moment& to, observations const& of, std::string_view metric);

}  // namespace aconite::experiment
