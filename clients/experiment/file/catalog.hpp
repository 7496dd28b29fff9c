#pragma once

#include "clients/experiment/file/field.hpp"

#include <string_view>
#include <vector>

namespace aconite::experiment {

/// A kind of action, as far as reading a file has to know.
struct action_row {
    kind const* row = nullptr;
    std::string_view aims_at{};  ///< what its target must have; empty: it takes none
};

/// The kinds that a file may name. Reading knows them by these rows alone.
struct catalog {
    std::vector<kind const*> probes{};
    std::vector<kind const*> loads{};
    std::vector<action_row> actions{};
};

}  // namespace aconite::experiment
