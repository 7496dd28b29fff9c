#pragma once

#include "clients/cli/line/command_line.hpp"

#include <aconite/problem.hpp>

#include <nlohmann/json.hpp>

namespace aconite::cli {

/// Adds to the body of a request for a toxic what was asked for of where and when it acts, the
/// seed and the lease excepted, which only a new toxic takes. A problem that names the option if
/// there is no sense in it; what the server knows better is left to it.
result<void> append_aim(command const& asked, nlohmann::json& body);

}  // namespace aconite::cli
