#pragma once

#include <aconite/config.hpp>
#include <aconite/problem.hpp>

#include <vector>

namespace aconite {

/// 400 for an enabled proxy whose listen address is none, a service that nobody knows being no
/// port, and one that names both if two would listen on one port of one address, however each is
/// spelled: `localhost:1`, `127.0.0.1:1` and `:1` are in each other's way. Port 0 never is. Looks
/// names up only where two have the same port; one that cannot be found is in nobody's way.
result<void> check_ports(std::vector<proxy_config> const& configs);

}  // namespace aconite
