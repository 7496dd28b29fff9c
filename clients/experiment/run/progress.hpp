#pragma once

#include "clients/experiment/run/judge.hpp"

#include <aconite/time.hpp>

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace aconite::experiment {

/// Something that happened in a run.
struct event {
    enum class level { info, warning, error };

    time_point at{};
    level how_bad = level::info;
    std::string text{};
};

/// How a run stands, for who watches it.
struct progress_view {
    std::string experiment{};
    std::string stage{};  ///< `steady state`, the phase's name, `checks`, `restoring`
    time_point stage_begin = never;
    time_point stage_end = never;  ///< as planned; `never` if that is not known
    std::size_t phase = 0;         ///< how many have begun
    std::size_t phases = 0;
    std::vector<std::string> faults{};  ///< in force now
    std::vector<std::pair<std::string, judgement>> checks{};
};

/// What a run tells while it goes on. Any thread.
class progress {
public:
    /// Called with each event, by the thread that tells of it. Set before a run begins.
    std::function<void(event const&)> on_event{};

    void tell(event::level how_bad, std::string text);
    void update(std::function<void(progress_view&)> const& change);
    [[nodiscard]] progress_view view() const;
    [[nodiscard]] std::vector<event> events() const;
    void set_observations(observations const* of);
    /// What the run has observed; null between two. Valid within the call.
    void with_observations(std::function<void(observations const*)> const& use) const;

private:
    mutable std::mutex mutex_;
    progress_view view_;
    std::vector<event> events_;
    observations const* observations_ = nullptr;
};

}  // namespace aconite::experiment
