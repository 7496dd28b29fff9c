#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/run/progress.hpp"
#include "clients/experiment/run/runner.hpp"
#include "clients/experiment/run/servers.hpp"
#include "clients/experiment/run/stop_signal.hpp"
#include "clients/experiment/run/undo_log.hpp"

#include <optional>

namespace aconite::experiment {

/// Whether an aconite server has to be there.
[[nodiscard]] bool needs_server(experiment_spec const& what);

/// What has to be there before the first phase and is gone behind the last: leases, proxies,
/// processes, and the undo log that all of it is noted in. One thread.
class scene {
public:
    /// Gives the run up when a server is gone.
    scene(experiment_spec const& what, run_options const& how, surroundings& where, progress& told,
          stop_signal& stop);

    result<void> begin();
    [[nodiscard]] bool has_begun() const { return begun_; }
    /// Undoes whatever is left. The problems of what could not be.
    std::vector<problem> undo_all();
    void end() { servers_.end(); }

    [[nodiscard]] surroundings const& where() const { return where_; }
    [[nodiscard]] undo_log& undo() { return *undo_; }
    [[nodiscard]] std::string journal() const { return servers_.journal(); }
    [[nodiscard]] json describe_servers() const { return servers_.describe(); }
    [[nodiscard]] servers& proxies() { return servers_; }

private:
    result<void> start_processes();

    experiment_spec const& what_;
    run_options const& how_;
    surroundings& where_;
    progress& told_;
    std::optional<undo_log> undo_{};
    bool begun_ = false;
    servers servers_;
};

}  // namespace aconite::experiment
