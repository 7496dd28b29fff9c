#pragma once

#include "clients/cpp/url.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace aconite::cli {

/// Looks each place up and connects to it from this process, all at once, then closes. For each in
/// its order: empty if a connection came about, else why not. Returns within `limit`, also where
/// a name server does not answer: what has no end by then is a failure.
std::vector<std::string> try_to_reach(std::vector<client::url> const& places,
                                      std::chrono::milliseconds limit);

/// What binding a socket to an address without listening shows.
enum class port_state {
    bindable,
    in_use,
    unknown,  ///< not allowed, or no address of this machine
};

/// With `reuse`, only sockets that listen are in the way; else all.
port_state try_to_bind(client::url const& place, bool reuse);

}  // namespace aconite::cli
