#pragma once

#include "clients/experiment/values/deadline.hpp"

#include <aconite/problem.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace aconite::experiment {

/// A program to run to its end.
struct child_command {
    std::vector<std::string> words;  ///< the first is sought in PATH
    std::filesystem::path folder{};  ///< where it runs; empty: ours
};

/// How it ended.
struct child_end {
    std::optional<int> status{};  ///< as a shell has it, 128 + n for signal n; none: out of time
    std::string output{};         ///< its standard output
    std::string errors{};         ///< the last 4 KiB of its standard error
    bool too_long = false;        ///< there was more output, which is not here
};

/// The longest output, in bytes.
constexpr std::size_t child_output_max = 16u << 20;

/// Runs it with an empty input in a process group of its own, and waits. With its end, or at the
/// deadline, all that is left of the group is killed. A problem if it cannot be started.
result<child_end> run_child(child_command const& what, deadline const& until);

}  // namespace aconite::experiment
