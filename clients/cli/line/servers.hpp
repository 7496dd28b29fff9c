#pragma once

#include "clients/cli/line/command_line.hpp"

#include <aconite/problem.hpp>

#include <functional>

namespace aconite::cli {

/// Whether the servers make sense for what was asked for: each is a URL and named once, and a verb
/// that follows one server has one. The problem is meant for people.
result<void> check_servers(command const& asked);

/// Does what was asked for on each of several servers, at once, by `run`, which any thread may
/// call. Tells it to people in their order, under the server's URL, and to scripts as an object by
/// URL. The status is the worst.
outcome run_on_each(command const& asked, std::function<outcome(command const&)> const& run);

}  // namespace aconite::cli
