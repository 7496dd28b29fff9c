#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"
#include "clients/cli/text/format.hpp"

namespace aconite::cli {

/// Each does one verb on proxies and says what to print; throws `failure`.
outcome list_proxies(command const& asked, identity const& self, style how);
outcome inspect_proxy(command const& asked, identity const& self, style how);
outcome create_proxy(command const& asked, identity const& self);
outcome toggle_proxy(command const& asked, identity const& self, style how);
outcome delete_proxy(command const& asked, identity const& self);
/// All are enabled, and have no toxics.
outcome reset_proxies(command const& asked, identity const& self);

}  // namespace aconite::cli
