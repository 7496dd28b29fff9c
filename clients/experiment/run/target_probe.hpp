#pragma once

#include "clients/experiment/probes/probe.hpp"

namespace aconite::experiment {

/// The row of `target`, a probe of a target that has no container: `healthy` if its process runs
/// and, where it has a proxy, what is behind that accepts a connection; else what is wrong.
[[nodiscard]] probe_kind const& target_probe();

}  // namespace aconite::experiment
