#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"
#include "clients/cli/text/format.hpp"

#include <string>
#include <vector>

namespace aconite::cli {

/// Does what was asked for and says what to print. Prints nothing itself.
outcome run(command const& asked, identity const& self, style how);

/// Reads a line, does what it asks for on each of its servers, and says what to print.
outcome run_line(identity const& self, std::vector<std::string> const& arguments, style how);

/// The whole command line but serve and demo: reads it, does it, prints; the exit status.
int run_command_line(identity const& self, std::vector<std::string> const& arguments);

}  // namespace aconite::cli
