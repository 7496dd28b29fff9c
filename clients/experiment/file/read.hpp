#pragma once

#include "clients/experiment/file/catalog.hpp"
#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/file/faults.hpp"
#include "clients/experiment/file/variables.hpp"

#include <span>
#include <string>

namespace aconite::experiment {

/// A file's name, for people, and its text.
struct source {
    std::string name;
    std::string text;
};

/// Reads an experiment: the first source is its file, the others add what it does not say (targets,
/// probes, load and the like). Whatever is wrong is added to `found`, with its place; then the
/// experiment is not to be used.
experiment_spec read_experiment(std::span<source const> sources, catalog const& kinds,
                                variables const& known, faults& found);

/// `file:line:column: text`, as compilers say it.
std::string to_text(file_fault const& fault, std::span<source const> sources);

}  // namespace aconite::experiment
