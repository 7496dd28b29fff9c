#pragma once

#include "clients/experiment/file/read.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// What is given beside the files of experiments.
struct given {
    std::vector<std::filesystem::path> with{};  ///< files that add what an experiment's lacks
    std::map<std::string, std::string, std::less<>> set{};  ///< what ${NAME} stands for
    std::vector<std::string> map{};                         ///< TARGET=PROXY
    std::map<std::filesystem::path, std::string> texts{};   ///< of files that were read already
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

/// What arguments mean.
struct file_list {
    std::vector<std::filesystem::path> files{};  ///< in the order they are to be run
    std::vector<std::string> passed_over{};      ///< folders within folders that have some too
};

/// The files that the arguments mean: files themselves; of folders those *.yaml and *.yml, by name,
/// that have phases. A problem names the argument that is neither.
result<file_list> experiment_files(std::vector<std::string> const& arguments, given const& beside);
/// Says which folders were passed over.
void tell_passed_over(file_list const& of, std::string_view verb);

/// Reads those that can be read once only, as /dev/stdin, into `beside.texts`. That may last.
result<void> read_what_comes_once(std::vector<std::filesystem::path> const& files, given& beside);

/// A problem if a target of `--map` is in none of the files.
result<void> check_map(std::vector<std::filesystem::path> const& files, given const& beside);

/// Unique among the runs of this machine: letters and digits, as `r20261130t101500x3f2a`.
std::string new_run_id();

}  // namespace aconite::experiment
