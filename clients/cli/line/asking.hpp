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
    int status = 1;
    std::string text;   ///< what went wrong, for people
    std::string usage;  ///< of the verb, where an argument is missing
};

/// Throws the failure.
[[noreturn]] void fail(std::string text, std::string usage = {}, int status = 1);

/// How a run ends that failed: for people a line on standard error, the usage before it on standard
/// output; for scripts also the object `{"error": text}` there.
outcome failed(failure const& why, bool for_scripts);

/// What a problem says to people, the status of a server's refusal included.
std::string reason(problem const& why);

/// Where to ask, as whom. What the server warns of is printed to standard error at once.
client::server_config server_of(command const& asked, identity const& self);

/// The body of a 2xx answer as JSON, null if there is none; else fails with `context` and the
/// reason.
nlohmann::json ask(client::server const& server, std::string const& context,
                   std::string_view method, std::string const& path,
                   nlohmann::json const& body = nullptr);

/// Fails with the usage and `text` if the value is missing.
void require(command const& asked, std::string const& value, std::string const& text);

/// Fails with the usage if the argument of that name is missing.
void require_flag(command const& asked, std::string const& value, std::string const& name);

/// Adds the seed to the body of a request if one is given.
void append_seed(command const& asked, nlohmann::json& body);

/// A verb's good end: `line` for people, `object` for scripts.
outcome say(command const& asked, std::string line, nlohmann::json const& object);

}  // namespace aconite::cli
