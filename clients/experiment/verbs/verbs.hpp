#pragma once

#include <string>
#include <vector>

namespace aconite::experiment {

/// Exit statuses of everything that `aconite-experiment` does.
enum status : int {
    status_held = 0,          ///< what was expected held; it is done
    status_not_held = 1,      ///< it did not hold; a file is wrong; reports differ
    status_inconclusive = 2,  ///< the run proved nothing; what was typed makes no sense
    status_could_not_run = 3,
};

/// Does what the arguments (without the program's name) say; the exit status. Call it from the
/// main thread, before any other starts.
int run_verb(std::vector<std::string> const& arguments);

}  // namespace aconite::experiment
