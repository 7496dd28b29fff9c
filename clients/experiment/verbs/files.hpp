#pragma once

#include "clients/experiment/file/read.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace aconite::experiment {

/// What is given beside the files of experiments.
struct given {
    std::vector<std::filesystem::path> with{};  ///< files that add what an experiment's lacks
    std::map<std::string, std::string, std::less<>> set{};  ///< what ${NAME} stands for
    std::vector<std::string> map{};                         ///< TARGET=PROXY
};

/// One experiment's file, read.
struct experiment_file {
    std::filesystem::path file{};
    experiment_spec spec{};
    std::vector<std::string>
        faults{};  ///< `file:line:column: text`; if there are any, it cannot run
};

/// Reads it with what is given. `run` is what ${RUN} stands for.
experiment_file read_file(std::filesystem::path const& file, given const& beside,
                          std::string const& run);

/// The files that the arguments mean, in the order they are to be run: files themselves; of folders
/// those *.yaml and *.yml, by name, that have phases. A problem names the argument that is neither.
result<std::vector<std::filesystem::path>>
experiment_files(std::vector<std::string> const& arguments, given const& beside);

/// Unique among the runs of this machine: letters and digits, as `r20261130t101500x3f2a`.
std::string new_run_id();

}  // namespace aconite::experiment
