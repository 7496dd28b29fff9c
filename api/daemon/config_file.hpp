#pragma once

#include "api/json/codec.hpp"

#include <aconite/config.hpp>
#include <aconite/problem.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aconite::daemon {

/// The whole file, 16 MB at most. The problem is `open FILE: reason`.
result<std::string> read_file(std::string const& path);

/// What stands in a config file, YAML or JSON by its name, with the variables in it expanded. The
/// problem is one line that tells the file, and the line and column or the JSON pointer:
/// `FILE:3:7: ...` or `FILE: /0/name ...`.
result<api::json> parse_config_file(std::string const& path, std::string_view text);

/// The proxies of a config file: the array that /populate takes, checked as far as it can be
/// without an engine. Problems as above.
result<std::vector<proxy_config>> read_config(std::string const& path, std::string_view text,
                                              api::decode_options const& options,
                                              api::ignored_members& ignored);

}  // namespace aconite::daemon
