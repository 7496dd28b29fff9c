#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/run/progress.hpp"
#include "clients/experiment/run/stop_signal.hpp"
#include "clients/experiment/run/verdict.hpp"

#include <aconite/client.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace aconite::experiment {

/// How a run is to be, beside what its file says.
struct run_options {
    std::filesystem::path file{};    ///< of the experiment: relative paths begin in its folder
    std::filesystem::path output{};  ///< where processes and commands write to; it exists
    std::filesystem::path state{};   ///< for the undo log
    client::server_config server{};  ///< where the file names none
    std::string run{};               ///< unique: letters, digits and -
    std::uint64_t seed = 0;
    double time_scale = 1;  ///< of phases and actions; never of `within`
    bool control = false;   ///< run all of it without actions first
    std::string command{};  ///< that repeats it, for the report
};

/// What a run came to.
struct run_result {
    verdict is = verdict::could_not_run;
    json report{};          ///< report.json
    std::string journal{};  ///< of the servers, NDJSON
};

/// Runs an experiment that was read without faults, from its steady state to its end, and undoes
/// all it did, also when it is stopped or cannot go on. Blocks; signals come by `stop`.
run_result run_experiment(experiment_spec const& what, run_options const& how, progress& told,
                          stop_signal& stop);

}  // namespace aconite::experiment
