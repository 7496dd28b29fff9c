#pragma once

#include "clients/experiment/file/experiment.hpp"

#include <string>

namespace aconite::experiment {

/// What a run would do, when, and to whom: `aconite run --dry-run`. Times are scaled. For people.
[[nodiscard]] std::string timeline_text(experiment_spec const& of, double time_scale);

}  // namespace aconite::experiment
