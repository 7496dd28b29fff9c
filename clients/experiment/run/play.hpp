#pragma once

#include "clients/experiment/load/load.hpp"
#include "clients/experiment/run/fault_runs.hpp"
#include "clients/experiment/run/recovery.hpp"
#include "clients/experiment/run/scene.hpp"
#include "clients/experiment/run/verdict.hpp"
#include "clients/experiment/run/watcher.hpp"

#include <memory>
#include <string>
#include <vector>

namespace aconite::experiment {

/// A load of a run and what it counted.
struct load_run {
    part_spec const* what = nullptr;
    std::unique_ptr<recorder> counts{};
    std::unique_ptr<load> does{};
    load_end end{};
};

/// All that one pass through the phases came to.
struct play_outcome {
    std::shared_ptr<observations> seen{};
    std::vector<std::shared_ptr<load_run>> loads{};
    std::vector<fault_run> faults{};
    std::vector<checked> checks{};
    std::vector<proof_gap> gaps{};
    std::vector<recovery> recovered{};
    time_point zero = never;  ///< begin of the first phase
    time_point over = never;
};

/// One pass: steady state, load and phases, checks, steady state again. One thread.
class play {
public:
    enum class faults { done, left_out };

    play(experiment_spec const& what, run_options const& how, scene& on, progress& told,
         stop_signal& stop, faults mode);
    ~play();
    play(play const&) = delete;
    play& operator=(play const&) = delete;

    /// A problem if it could not go on: what was done until then is undone.
    result<void> run();
    /// For each check of the validation, whether it passed.
    [[nodiscard]] std::vector<bool> held() const;
    /// A check that held in another pass without faults has been seen to hold.
    void note_control(std::vector<bool> const& held_without_faults);
    /// Moves all out.
    play_outcome outcome();

private:
    using clock = std::chrono::steady_clock;

    result<void> make();
    result<void> watch();
    /// Whether all hold in time; notes them as checks of that stage.
    bool steady(checked::stage when);
    result<void> start_loads();
    void stop_loads();
    result<void> phases();
    result<void> phase(std::size_t number);
    result<void> wait_action(action_spec const& what);
    /// Waits until no check that can be judged under load is open, or its time is over.
    void settle(bool without_load);
    /// Whether there are checks that are open, by when they can be decided.
    struct open_checks {
        bool under_load = false;
        bool without = false;
    };
    open_checks show_checks(time_point now);
    void judge_all(time_point now);
    void look_for_gaps();
    void note_traffic(std::map<std::string, proxy_traffic>& into);
    [[nodiscard]] nanoseconds scaled(nanoseconds time) const;
    void stage(std::string name, time_point end);

    experiment_spec const& what_;
    run_options const& how_;
    scene& on_;
    progress& told_;
    stop_signal& stop_;
    faults mode_;
    play_outcome out_{};
    run_ends ends_{};
    std::unique_ptr<fault_runs> faults_{};
    std::unique_ptr<watcher> watcher_{};
    std::map<std::string, proxy_traffic> traffic_before_{};
    std::optional<std::size_t> loads_noted_{};  ///< in the undo log
};

}  // namespace aconite::experiment
