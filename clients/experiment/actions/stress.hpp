#pragma once

#include "clients/experiment/actions/action.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace aconite::experiment {

/// Busy loops, at most.
inline constexpr std::int64_t stress_workers_max = 1'024;

/// What is to be used up.
struct stress_order {
    double cpu = 0;            ///< share of all processors that there are
    std::int64_t workers = 0;  ///< 0: as few as can
    std::int64_t memory = 0;   ///< bytes
    std::chrono::seconds time{};
};

/// A command that does it, with nothing but sh, sleep, head and tail, and ends by itself.
[[nodiscard]] std::vector<std::string> stress_command(stress_order const& order, double processors);

/// The same beside a process, on its machine: what a container is for one in it.
[[nodiscard]] std::unique_ptr<action>
make_process_stress(stress_order const& order, target const& of, surroundings const& where);

}  // namespace aconite::experiment
