#pragma once

#include <aconite/problem.hpp>

#include <string>
#include <vector>

namespace aconite::cli {

/// What stands behind `aconite serve`, as the server reads it: a configuration may stand anywhere
/// among the flags, without `-config`. A problem for people if there are two, or one without a
/// name.
result<std::vector<std::string>> serve_flags(std::vector<std::string> const& arguments);

}  // namespace aconite::cli
