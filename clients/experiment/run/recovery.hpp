#pragma once

#include "clients/experiment/run/observations.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// How a target came back, seen by the loads. `never` stands for what did not happen.
struct recovery {
    std::string target;
    time_point fault_end = never;
    /// When each load that had failed under the fault had its first success behind it.
    time_point first_success = never;
    /// When each of them had had 10 in a row.
    time_point row_of_successes = never;
    /// The end of the first second in which 95 % took no longer than 1.5 times what they took
    /// before the first fault.
    time_point p95_back = never;
};

/// None if no fault was put on the target, or the last one goes on, or there is no load.
[[nodiscard]] std::optional<recovery> recovery_of(observations const& of, std::string_view target);
/// Of all targets that had a fault, by their first one.
[[nodiscard]] std::vector<recovery> recoveries(observations const& of);
/// How often faults of the target acted, as far as that is counted.
[[nodiscard]] result<value> hits_on(observations const& of, std::string_view target);

}  // namespace aconite::experiment
