#pragma once

#include "clients/experiment/actions/action.hpp"

namespace aconite::experiment {

/// What ends all that loads of one's own have started in this run, wherever it went: it is known by
/// its environment, which has the folder of the run's output.
[[nodiscard]] json left_load_record(surroundings const& where);

}  // namespace aconite::experiment
