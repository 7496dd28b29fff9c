#pragma once

#include <string>
#include <string_view>

/// What `aconite init` writes about a server.
namespace aconite::experiment {

/// A proxy in front of a server, as a first experiment uses it.
struct first_proxy {
    std::string name;
    std::string listen;     ///< where clients connect, host:port
    std::string upstream;   ///< host:port
    bool is_there = false;  ///< on the aconite server already; else the experiment makes it
};

/// A kind of server that there is a first experiment for.
struct first_kind {
    std::string_view name;
    std::string_view port;      ///< the usual one
    first_proxy usual;          ///< where none is there
    std::string_view protocol;  ///< of the proxy that the experiment makes; empty: plain TCP
    /// The file, with `@NAME@`, `@LISTEN@`, `@UPSTREAM@` and `@PROXIES@` to be filled in.
    std::string_view text;
};

/// Null if there is none of that name.
[[nodiscard]] first_kind const* find_first_kind(std::string_view name);
/// The file of that kind for this proxy.
[[nodiscard]] std::string first_experiment(first_kind const& kind, first_proxy const& proxy);

}  // namespace aconite::experiment
