#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"
#include "clients/cli/text/format.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace aconite::cli {

/// What the toxics of one proxy, or of all, have done.
outcome show_stats(command const& asked, identity const& self, style how);

/// A table of toxics, from the list of GET /stats. Throws nlohmann::json::exception if it is none.
std::string format_stats(nlohmann::json const& proxies, style how);

}  // namespace aconite::cli
