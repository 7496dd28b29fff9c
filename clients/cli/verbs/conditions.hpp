#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"

namespace aconite::cli {

/// Waits until all conditions hold, and for the server to come up before that. The status is 0 if
/// they do, 1 if they did not in time, and 2 if they make no sense.
outcome wait_for(command const& asked, identity const& self);

/// The same, at once.
outcome insist_on(command const& asked, identity const& self);

/// Whether the server answers within 2 s: status 0, else 1 and a line that says why.
outcome check_health(command const& asked, identity const& self);

}  // namespace aconite::cli
