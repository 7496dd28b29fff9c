#pragma once

#include "clients/experiment/run/progress.hpp"

#include <string>
#include <vector>

namespace aconite::experiment {

/// What the live view shows at one time: the phase and how far it is, faults in force, each load's
/// rate, errors and latency of the last seconds, each check. `begin` is when the run began.
[[nodiscard]] std::vector<std::string> live_lines(progress const& of, time_point now,
                                                  time_point begin);

}  // namespace aconite::experiment
