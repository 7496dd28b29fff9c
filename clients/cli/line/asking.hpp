#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/identity.hpp"

#include <aconite/client.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace aconite::cli {

/// Ends a verb early.
struct failure {
    outcome how;
};

/// Throws the failure with status 1 that prints `text`, behind `usage` on standard output.
[[noreturn]] void fail(std::string const& text, std::string usage = {});

/// What a problem says to people, the status of a server's refusal included.
std::string reason(problem const& why);

/// Where to ask, as whom.
client::server_config server_of(command const& asked, identity const& self);

/// The body of a 2xx answer as JSON, null if there is none; else fails with `context` and the
/// reason.
nlohmann::json ask(client::server const& server, std::string const& context,
                   std::string_view method, std::string const& path,
                   nlohmann::json const& body = nullptr);

}  // namespace aconite::cli
