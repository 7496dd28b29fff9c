#pragma once

#include "api/daemon/json_log.hpp"
#include "api/json/codec.hpp"

#include <aconite/engine.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::daemon {

/// Where the proxies come from that a server starts with.
struct config_source {
    std::string file;     ///< empty: none
    std::string proxies;  ///< as ACONITE_PROXIES has them; empty: none
    bool ignore_toxics = false;
};

/// Why a start failed: the log's message, and the line for people.
struct config_failure {
    std::string_view message;
    std::string error;
};

/// Creates all proxies of the source, as /populate does.
std::optional<config_failure> load(engine& e, json_log const& log, config_source const& source);

/// Reads the source again and makes its proxies all that there are, by difference. Tells the log
/// what was done, or why nothing was. Never throws.
void reload(engine& e, json_log const& log, config_source const& source);

}  // namespace aconite::daemon
