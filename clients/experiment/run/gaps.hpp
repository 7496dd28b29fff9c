#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/run/fault_runs.hpp"
#include "clients/experiment/run/observations.hpp"
#include "clients/experiment/run/servers.hpp"
#include "clients/experiment/run/verdict.hpp"

#include <map>
#include <string>
#include <vector>

namespace aconite::experiment {

/// Adds why a run proves nothing, apart from its checks: a fault that did not act, no traffic, a
/// way around the proxy, too few requests. `through` is what the targets' proxies let through
/// while it went on.
void add_gaps(std::vector<proof_gap>& gaps, experiment_spec const& what, observations const& seen,
              std::vector<fault_run> const& faults,
              std::map<std::string, proxy_traffic> const& through);

}  // namespace aconite::experiment
