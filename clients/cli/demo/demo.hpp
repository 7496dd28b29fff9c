#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace aconite::cli {

/// What one part of the demo measured.
struct demo_phase {
    std::string name;
    std::size_t messages = 0;
    std::chrono::nanoseconds p50{};
    std::chrono::nanoseconds p99{};
};

/// The table that the demo ends with.
std::string demo_table(std::vector<demo_phase> const& phases);

/// What is wrong with the numbers of before, during and after the fault; nothing if they
/// show that the fault came and went.
std::optional<std::string> demo_verdict(demo_phase const& before, demo_phase const& during,
                                        demo_phase const& after);

/// `aconite demo`, with the arguments behind it: starts a server and a proxy to an echo server,
/// measures round trips without, with and again without a latency toxic. Then the server runs
/// on until Ctrl-C, unless asked not to. The exit status; prints as it goes.
int run_demo(std::vector<std::string> const& arguments);

}  // namespace aconite::cli
