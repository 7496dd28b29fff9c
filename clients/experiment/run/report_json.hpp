#pragma once

#include "clients/experiment/run/play.hpp"
#include "clients/experiment/run/runner.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace aconite::experiment {

/// All that a report tells of.
struct run_record {
    experiment_spec const& what;
    run_options const& how;
    std::chrono::system_clock::time_point began{};
    std::chrono::system_clock::time_point ended{};
    play_outcome played{};
    std::vector<std::shared_ptr<load_run>> control{};  ///< of the pass without faults
    verdict is = verdict::could_not_run;
    std::string error{};
    json servers{};
    std::string journal{};
    std::vector<event> events{};
};

/// report.json: docs/experiments.md. Times in seconds from the begin of the first phase.
[[nodiscard]] json report_of(run_record const& record);

}  // namespace aconite::experiment
