#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"

namespace aconite::cli {

/// Each does one verb on whole configurations and says what to print; throws `failure`.
outcome show_config(command const& asked, identity const& self);
/// The file's proxies are all that the server has then.
outcome apply_config(command const& asked, identity const& self);
/// Asks no server.
outcome check_config(command const& asked);

}  // namespace aconite::cli
