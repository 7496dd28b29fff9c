#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"

namespace aconite::cli {

/// Each does one verb on a toxic and says what to print; throws `failure`.
outcome add_toxic(command const& asked, identity const& self);
outcome update_toxic(command const& asked, identity const& self);
outcome remove_toxic(command const& asked, identity const& self);

}  // namespace aconite::cli
