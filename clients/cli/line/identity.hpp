#pragma once

#include "api/version.hpp"

#include <string>
#include <string_view>

namespace aconite::cli {

inline constexpr std::string_view own_version = "0.1.0";
/// The Toxiproxy release whose command line, API and versions we answer as.
inline constexpr std::string_view compatible_version = api::toxiproxy_version;

/// As whom the command line speaks.
struct identity {
    std::string program = "aconite";
    /// Called as toxiproxy-cli, of whatever platform: the reference's verbs, leniency and status
    /// numbers.
    bool drop_in = false;
    std::string version_line;
    std::string user_agent;
};

/// The last part of a path.
std::string_view base_name(std::string_view path);

/// Whether `path` is a program called `name`, or as Toxiproxy's releases call it: `name-OS-ARCH`,
/// such as toxiproxy-server-linux-amd64.
bool is_called(std::string_view path, std::string_view name);

/// Decided by the name that the program was called by.
identity identity_of(std::string_view argv0);

}  // namespace aconite::cli
