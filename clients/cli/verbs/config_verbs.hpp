#pragma once

#include <aconite/client.hpp>
#include <aconite/problem.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace aconite::cli {

/// What runs on the server, as the text of a config file. This and the next: 404 from a server that
/// is no aconite.
result<std::string> get_config(client::server const& from, bool as_yaml);

/// Makes the file's proxies all that the server has; what it did, as POST /config answers. The file
/// is read here, variables included: a problem of status 0 tells what is wrong with it.
result<nlohmann::json> apply_config(client::server const& to, std::string const& file);

/// One line for each kind of change in the answer of POST /config.
std::string format_changes(nlohmann::json const& done);

/// What a file has.
struct config_contents {
    std::size_t proxies = 0;
    std::size_t toxics = 0;
    std::vector<std::string> ignored;  ///< pointers to members that are not known
};

/// Reads and checks the file as a server would that starts with it.
result<config_contents> check_config(std::string const& file);

}  // namespace aconite::cli
