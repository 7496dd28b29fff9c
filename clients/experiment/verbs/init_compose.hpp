#pragma once

#include <aconite/problem.hpp>

#include <string>
#include <string_view>

namespace aconite::experiment {

/// A first experiment with the services of a Compose file: each is a target, one is killed and
/// started again. `project` is what Compose calls the project unless the file says so: its folder's
/// name. A problem with its line if the file is none that can be read.
[[nodiscard]] result<std::string> experiment_of_compose(std::string_view text,
                                                        std::string_view project);

}  // namespace aconite::experiment
