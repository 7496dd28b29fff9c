#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/file/faults.hpp"

namespace aconite::experiment {

/// Faults for toxics that an aconite server of this version would refuse, or of which it would
/// ignore something: an unknown type, an attribute that is misspelt or out of its bounds, a match
/// that makes no sense, a proxy of another protocol. Asks no server: what checks them there is a
/// part of this program.
void check_toxics(experiment_spec const& of, faults& found);

}  // namespace aconite::experiment
