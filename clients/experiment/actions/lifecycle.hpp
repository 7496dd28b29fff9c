#pragma once

#include "clients/experiment/actions/action.hpp"

#include <memory>

namespace aconite::experiment {

/// What is done to a container or a process.
enum class life_verb { kill, stop, start, restart, pause, unpause, signal };

/// How, read from the settings.
struct life_order {
    life_verb verb = life_verb::kill;
    int signal = 0;                  ///< of kill and signal
    std::chrono::seconds grace{10};  ///< of stop and restart: from SIGTERM to SIGKILL
};

[[nodiscard]] std::unique_ptr<action> make_container_life(life_order order, target const& aimed,
                                                          surroundings const& where);
[[nodiscard]] std::unique_ptr<action> make_process_life(life_order order, target const& aimed,
                                                        surroundings const& where);

}  // namespace aconite::experiment
