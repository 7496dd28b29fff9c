#pragma once

#include "clients/experiment/verbs/files.hpp"

#include <aconite/client.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aconite::experiment {

/// What `aconite run` was given.
struct run_command {
    std::vector<std::string> files{};
    given beside{};
    client::server_config server{};
    std::string output = "aconite-reports";
    std::string state{};  ///< folder of the undo log; empty: the usual one
    std::optional<std::uint64_t> seed{};
    double time_scale = 1;
    std::optional<nanoseconds> cool_down{};  ///< instead of what the files say
    int repeat = 1;
    bool control = false;
    bool dry_run = false;
    bool as_json = false;  ///< the summary, for scripts, and no other line on standard output
    bool plain = false;    ///< no live view
    std::string push_otlp{};
    std::string push_prometheus{};
    std::string typed{};  ///< the command line, for the report
};

/// Runs the experiments one after the other; the exit status of the worst of them.
int run_experiments(run_command const& asked);

}  // namespace aconite::experiment
