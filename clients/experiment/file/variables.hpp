#pragma once

#include "clients/experiment/file/faults.hpp"
#include "clients/experiment/file/node.hpp"

#include <map>
#include <string>

namespace aconite::experiment {

/// What `${NAME}` stands for: what was given on the command line, else the environment, else the
/// file's `vars`.
class variables {
public:
    std::map<std::string, std::string, std::less<>> given{};
    std::map<std::string, std::string, std::less<>> fallbacks{};

    /// Puts values in place of `${NAME}` and `${NAME:-default}` in all scalars below `in`; `$${` is
    /// `${`. A fault for a name that nothing is known of, and for a brace that is not closed.
    void fill(node& in, faults& found) const;

private:
    void fill_text(node& in, faults& found) const;
};

}  // namespace aconite::experiment
