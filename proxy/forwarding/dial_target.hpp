#pragma once

#include "proxy/net/address.hpp"

#include <optional>
#include <string>
#include <vector>

namespace aconite {

/// An upstream, read once for all dials to it. Immutable.
struct dial_target {
    /// "host:port", or up to 64 with commas.
    explicit dial_target(std::string upstream);

    std::string text;   ///< as it was given
    host_port parts{};  ///< the loopback's address where no host was given
    std::string error;  ///< why it is no address; empty: it is one
    /// Of a host and a port in digits: nothing is to be looked up.
    std::optional<address> numeric{};
    std::vector<dial_target> others{};  ///< that are tried, in turn, where this one is not reached
};

}  // namespace aconite
