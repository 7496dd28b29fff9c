#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/file/faults.hpp"

#include <filesystem>

namespace aconite::experiment {

/// Faults for probes, loads and actions whose settings make no sense together, or not for what they
/// are aimed at: each is made as for a run, which asks nobody yet. `folder` is the file's.
void check_parts(experiment_spec const& of, std::filesystem::path const& folder, faults& found);

}  // namespace aconite::experiment
