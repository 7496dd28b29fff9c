#pragma once

#include <aconite/config.hpp>
#include <aconite/problem.hpp>

#include <string_view>
#include <vector>

namespace aconite::daemon {

/// What ACONITE_PROXIES says: `NAME=LISTEN->UPSTREAM`, separated by commas or line ends, with
/// blanks around each part as you like. The problem names the entry and, where there is one, the
/// character in it, both counted from 1: `entry 2, character 5: ...`.
result<std::vector<proxy_config>> read_proxies_variable(std::string_view text);

}  // namespace aconite::daemon
