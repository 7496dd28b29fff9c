#pragma once

#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/plan/surroundings.hpp"

#include <aconite/problem.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace aconite::experiment {

/// What a run has to undo, on disk before it is done: a file of JSON lines in the folder for state,
/// locked as long as its process lives. Whoever finds it unlocked may undo what it says; the last
/// record first. The file goes with its last record.
class undo_log {
public:
    /// Creates `folder` if it is missing. `head` is what the file says of the run, for people, and
    /// what undoing has to know beside the records (`docker_socket`).
    static result<undo_log> create(std::filesystem::path const& folder, std::string const& run,
                                   json head);
    undo_log(undo_log&& from) noexcept;
    undo_log& operator=(undo_log&&) = delete;
    ~undo_log();

    /// On the disk when it returns; its number. A problem: then the action must not be done.
    result<std::size_t> add(json record);
    /// It is undone, or has nothing to be undone any more.
    void forget(std::size_t number);
    /// Undoes all that is left, from the last to the first, and forgets what could be undone. The
    /// problems of those that could not stay in the file.
    std::vector<problem> undo_all(surroundings const& where);
    /// Undoes some of them, the same way.
    std::vector<problem> undo(std::vector<std::size_t> const& numbers, surroundings const& where);
    [[nodiscard]] bool empty() const;
    /// Whether all that is left was done at the servers of these addresses.
    [[nodiscard]] bool is_left_only_at(std::set<std::string> const& urls) const;

private:
    undo_log(std::filesystem::path file, int descriptor);
    bool append(json const& line);

    std::filesystem::path file_;
    int descriptor_;
    bool torn_ = false;            ///< the last write ended within a line
    std::vector<json> records_{};  ///< null: forgotten
};

/// What one left-over file came to.
struct restored {
    std::string run;
    std::size_t undone = 0;
    std::vector<std::string> problems{};
    bool running = false;  ///< its process lives: nothing was done
};

/// Undoes what runs have left in that folder. With `only_look` it is told and not done.
std::vector<restored> restore_all(std::filesystem::path const& folder, bool only_look);

enum class state_use { written, looked_at };

/// $XDG_STATE_HOME/aconite, else ~/.local/state/aconite, else /var/tmp/aconite-UID. The second one
/// is made for what is to be written; to be looked at, the first of the two that is there.
std::filesystem::path state_folder(state_use use);

}  // namespace aconite::experiment
