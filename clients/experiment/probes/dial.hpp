#pragma once

#include "clients/experiment/probes/descriptor.hpp"
#include "clients/experiment/values/deadline.hpp"

#include <aconite/problem.hpp>

#include <sys/socket.h>

#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// Where a server is.
struct host_port {
    std::string host;  ///< a name or an address, IPv6 without brackets
    std::string port;  ///< decimal, 1 to 65535
};

/// Reads `host:port`, `[::1]:port`, and `host` where there is a port to fall back to. A problem
/// that names the text if it is no such thing.
result<host_port> read_host_port(std::string_view text, std::string_view fallback_port = {});
/// `host:port`, IPv6 in brackets.
std::string to_text(host_port const& where);

/// One of its addresses.
struct endpoint {
    sockaddr_storage bytes{};
    socklen_t size = 0;
    int family = 0;
    std::string address;  ///< numeric, without the port
};

/// All its addresses, in the system's order of preference, at least one. Keeps to its time though
/// name servers be silent: then a thread of its own goes on waiting for them.
result<std::vector<endpoint>> resolve(host_port const& where, deadline const& until);

/// A connection that stands: TCP, not blocking, closed on exec. Tries all addresses, one after the
/// other, each with its share of the time. A problem that names the server and why.
result<descriptor> dial(host_port const& where, deadline const& until);

}  // namespace aconite::experiment
