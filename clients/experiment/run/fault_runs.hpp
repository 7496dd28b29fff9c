#pragma once

#include "clients/experiment/actions/action.hpp"
#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/run/observations.hpp"
#include "clients/experiment/run/progress.hpp"
#include "clients/experiment/run/undo_log.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aconite::experiment {

/// An action of a phase, before, while and after it is in force.
struct fault_run {
    action_spec const* what = nullptr;
    action_kind const* kind = nullptr;
    std::unique_ptr<action> does{};
    std::string phase{};
    std::vector<std::size_t> undo{};  ///< its records in the undo log
    time_point begin = never;
    time_point end = never;
    std::string ended_by{};
    evidence seen{};
    std::string unseen{};  ///< why what it did is not known; empty: `seen` says it
    std::string error{};
    [[nodiscard]] bool in_force() const { return begin != never && end == never; }
    /// Whether it is done to the system: other actions only ask or wait.
    [[nodiscard]] bool is_fault() const;
};

/// The actions of one run, done and undone in their time. One thread.
class fault_runs {
public:
    fault_runs(surroundings const& where, undo_log& undo, observations& seen, progress& told)
        : where_(where), undo_(undo), seen_(seen), told_(told)
    {}

    /// Makes all actions of the experiment. A problem names the place of the first that cannot be.
    result<void> make(experiment_spec const& of);
    /// Looks whether what they are aimed at is there, before there is any load. A problem names the
    /// place of the first that is aimed at nothing. What an action with a command or a request may
    /// make first is not looked for.
    result<void> find_targets();
    /// Does that action of that phase; what a container's or process's earlier one did is over if
    /// this one takes it back.
    result<void> start(std::size_t phase, std::size_t number);
    /// Undoes it, unless it is over.
    void end(std::size_t phase, std::size_t number, std::string_view why);
    /// Undoes what does not outlive the phase.
    void end_of_phase(std::size_t phase);
    void end_all(std::string_view why);
    [[nodiscard]] std::vector<fault_run> const& all() const { return runs_; }
    [[nodiscard]] std::vector<fault_run> take() { return std::move(runs_); }

private:
    fault_run& at(std::size_t phase, std::size_t number) { return runs_[first_[phase] + number]; }
    void finish(fault_run& run, std::string_view why);
    bool take_back(fault_run const& by);
    void forget(fault_run& run);
    void note();

    surroundings const& where_;
    undo_log& undo_;
    observations& seen_;
    progress& told_;
    std::vector<fault_run> runs_;
    std::vector<std::size_t> first_;                    ///< of each phase
    std::vector<std::unique_ptr<target>> own_targets_;  ///< named, but not in `targets`
};

}  // namespace aconite::experiment
