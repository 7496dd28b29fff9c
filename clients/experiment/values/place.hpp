#pragma once

#include <string>

namespace aconite::experiment {

/// Where something stands in a file; line and column from 1, 0 if it stands nowhere.
struct place {
    int line = 0;
    int column = 0;
    int file = 0;  ///< which of the files that were read together, from 0

    bool operator==(place const&) const = default;
};

/// What is wrong with a file, and where.
struct file_fault {
    place at;
    std::string text;  ///< names the key and the bound
};

}  // namespace aconite::experiment
