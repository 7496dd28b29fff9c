#pragma once

#include "clients/experiment/file/field.hpp"
#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/plan/surroundings.hpp"

#include <aconite/problem.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// What an action can be sure to have done.
struct evidence {
    /// How often it acted; none: nobody counts, so that it is only known to be in force.
    std::optional<std::uint64_t> hits{};
    std::string text;  ///< `12 hits on 4 connections`, `exited with 137`, for people
    /// Why it was not in force any more, though nobody had undone it yet; empty: it was.
    std::string ended_early{};
};

/// Something that is done to the system under test, and can be taken back. Made, and used by one
/// thread at a time. What it needs to be undone is data, so that another process can do it:
/// `aconite restore` after this one was killed.
class action {
public:
    virtual ~action() = default;
    action(action const&) = delete;
    action& operator=(action const&) = delete;

    /// Whether what it is aimed at is there, as far as it has to be when the experiment begins;
    /// asked before there is any load.
    virtual result<void> find() { return {}; }
    /// What undoes it: objects with a `kind` from `undo_kinds`, written to disk before `start` is
    /// called. They are undone from the last to the first. Empty: there is nothing to undo. Looks
    /// at how things are now, so that exactly that comes back.
    virtual result<std::vector<json>> undo_plan() = 0;
    /// Does it; returns once it is in force. A problem: it may have been done in part.
    virtual result<void> start() = 0;
    /// What is known of it now; asked while it is in force and once more just before it is undone.
    virtual result<evidence> look() { return evidence{{}, "in force"}; }

protected:
    action() = default;
};

/// Which faults that are in force an action may end, by what it does.
enum class may_end {
    none,
    of_its_target,
    any,  ///< nobody knows what it does
};

/// A row: what an action is called in a file, and how it is made.
struct action_kind {
    kind row;
    /// What its target must have: "proxy", "container", "process", "container or process",
    /// "proxy or container"; empty: it takes no target.
    std::string_view aims_at;
    /// Whether what it does lasts until it is undone; else it is over when `start` returns.
    bool lasts = true;
    /// Without a duration it stays in force behind its phase, until another action of its target
    /// or the end of the experiment takes it back: a container that was killed.
    bool outlives_phase = false;
    may_end ends = may_end::none;
    /// `aimed` has one target but for a partition, or none where `aims_at` is empty. Asks nobody
    /// yet. A problem for settings that make no sense together or for this target.
    result<std::unique_ptr<action>> (*make)(settings const& how,
                                            std::vector<target const*> const& aimed,
                                            surroundings const& where);
};

/// All there are.
[[nodiscard]] std::span<action_kind const> action_kinds();

/// How one kind of undo record is done. What it undoes may not have been done, or be undone
/// already: that is no problem.
struct undo_kind {
    std::string_view name;
    result<void> (*undo)(json const& record, surroundings const& where);
};
[[nodiscard]] std::span<undo_kind const> undo_kinds();

}  // namespace aconite::experiment
