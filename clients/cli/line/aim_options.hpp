#pragma once

#include "clients/cli/line/command_line.hpp"

#include <aconite/problem.hpp>

#include <nlohmann/json.hpp>

#include <string_view>

namespace aconite::cli {

/// Adds to the body of a request for a toxic what was asked for of where and when it acts, the
/// seed and the lease excepted, which only a new toxic takes. `type` is the toxic's, and says what
/// the values of its match are; empty: not known yet. A problem that names the option if there is
/// no sense in it; what the server knows better is left to it.
result<void> append_aim(command const& asked, std::string_view type, nlohmann::json& body);

}  // namespace aconite::cli
