#pragma once

#include "clients/cli/doctor/finding.hpp"
#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"

namespace aconite::cli {

/// Whether the server answers, which version it is and, for the proxies that were named or for all,
/// whether their ports are as they should be, their upstreams can be reached from here and they
/// form no ring.
findings check_server(command const& asked, identity const& self);

}  // namespace aconite::cli
