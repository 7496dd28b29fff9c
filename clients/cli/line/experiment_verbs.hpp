#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::cli {

/// A verb that the program `aconite-experiment` does: `aconite` hands it over with all its
/// arguments, so that a server needs none of the client libraries of databases.
struct experiment_verb {
    std::string_view name;
    std::string_view about;
};

inline constexpr std::array experiment_verbs{
    experiment_verb{"run", "run experiments: a fault, what was expected, a report"},
    experiment_verb{"validate", "check files of experiments without a server"},
    experiment_verb{"init", "write a first experiment from what runs"},
    experiment_verb{"restore", "undo what an experiment that was killed has left"},
    experiment_verb{"report", "show the report of a run again, or all of them in a browser"},
    experiment_verb{"diff", "what differs between two reports"},
};

[[nodiscard]] bool is_experiment_verb(std::string_view name);

/// Becomes `aconite-experiment`, which is sought beside this program and then in PATH. Returns only
/// if there is none: 3, once it has told where it looked.
int become_experiment(std::vector<std::string> const& arguments);

}  // namespace aconite::cli
