#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"

namespace aconite::cli {

/// The journal, or what was asked for of it: a line for each record or, for scripts, the server's
/// NDJSON. With `follow` it prints by itself, record by record, until the server ends it; the
/// interrupt of a terminal then ends the process with status 0. Lost records are told on standard
/// error.
outcome show_journal(command const& asked, identity const& self);

/// Writes a text into the journal.
outcome leave_mark(command const& asked, identity const& self);

}  // namespace aconite::cli
