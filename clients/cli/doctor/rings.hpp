#pragma once

#include "clients/cli/doctor/finding.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace aconite::cli {

/// A problem for each ring of enabled proxies, of which each has the next one's listener as its
/// upstream: no connection gets anywhere. Judged by what the addresses say, without a look-up.
/// `proxies` is what the server tells of all, `chosen` are the names to look at; none: all.
findings find_rings(nlohmann::json const& proxies, std::vector<std::string> const& chosen);

}  // namespace aconite::cli
