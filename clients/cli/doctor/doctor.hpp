#pragma once

#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"
#include "clients/cli/text/format.hpp"

namespace aconite::cli {

/// Looks at this machine, the server, the ports of its proxies and their upstreams; changes nothing
/// and opens no connection through a proxy. Ends within ten seconds, whatever does not answer.
/// Status 0 if there is no problem, else 1.
outcome run_doctor(command const& asked, identity const& self, style how);

/// A line for each finding and, at the end, how many are not ok.
std::string format_findings(findings const& all, style how);

}  // namespace aconite::cli
