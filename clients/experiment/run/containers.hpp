#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/plan/surroundings.hpp"
#include "clients/experiment/run/verdict.hpp"

#include <map>
#include <string>
#include <vector>

namespace aconite::experiment {

/// The containers that actions are aimed at, name in the file to container.
[[nodiscard]] std::map<std::string, std::string> containers_aimed_at(experiment_spec const& what);
/// A problem if actions or probes need the Docker Engine and it does not answer.
[[nodiscard]] result<void> find_engine(experiment_spec const& what, surroundings const& where);
/// Adds those that somebody has removed. What the experiment's own commands did with them is the
/// experiment's: with such nothing is added.
void add_gone_containers(std::vector<proof_gap>& gaps, experiment_spec const& what,
                         surroundings const& where);

}  // namespace aconite::experiment
