#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/file/faults.hpp"

namespace aconite::experiment {

/// Faults for toxics that an aconite server of this version would refuse: an unknown type, an
/// attribute out of its bounds, a match that makes no sense. Asks no server: an engine of this
/// process is given them.
void check_toxics(experiment_spec const& of, faults& found);

}  // namespace aconite::experiment
