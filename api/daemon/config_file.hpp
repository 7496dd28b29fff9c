#pragma once

#include "api/codec.hpp"

#include <aconite/config.hpp>
#include <aconite/problem.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aconite::daemon {

/// The whole file. The problem is `open FILE: reason`.
result<std::string> read_file(std::string const& path);

/// The proxies of a config file: the array that /populate takes. The problem is one line that
/// tells the file, and the line and column or the JSON pointer: `FILE:3:7: ...` or
/// `FILE: /0/name ...`.
result<std::vector<proxy_config>> read_config(std::string const& path, std::string_view text,
                                              api::decode_options const& options,
                                              api::ignored_members& ignored);

}  // namespace aconite::daemon
