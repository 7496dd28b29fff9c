#pragma once

#include "clients/experiment/probes/probe.hpp"

namespace aconite::experiment {

/// The row of `container`, for `probe_kinds()`.
extern probe_kind const container_probe_kind;

}  // namespace aconite::experiment
