#pragma once

#include <aconite/client.hpp>
#include <aconite/problem.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace aconite::cli {

/// What runs on the server, as the text of a config file. This and the next: 404 from a server that
/// is no aconite.
result<std::string> get_config(client::server const& from, bool as_yaml);

/// Makes the file's proxies all that the server has; what it did, as POST /config answers. The file
/// is read here, variables included: a problem of status 0 tells what is wrong with it.
result<nlohmann::json> apply_config(client::server const& to, std::string const& file);

/// One line for each kind of change in the answer of POST /config.
std::string format_changes(nlohmann::json const& done);

/// Reads and checks the file as a server would that starts with it. What it has, in a line for
/// people, and `ignored` one for each unknown field.
result<std::string> check_config(std::string const& file, std::string& ignored);

}  // namespace aconite::cli
