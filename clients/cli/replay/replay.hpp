#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"

namespace aconite::cli {

/// Adds the toxics of a journal again, each for the connections on which it acted, and tells what
/// that was, and what may differ. Status 1 if one could not be added.
outcome replay_journal(command const& asked, identity const& self);

}  // namespace aconite::cli
