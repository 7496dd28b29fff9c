#pragma once

#include <aconite/time.hpp>

#include <cstdint>

namespace aconite {

/// How those who try to connect are treated.
enum class attempt_mode : std::uint8_t {
    refuse,     ///< answered with RST: connection refused
    blackhole,  ///< not answered at all
    delay,      ///< accepted, but served only after `delay`
    reset,      ///< accepted and closed with RST, before the upstream is dialled
};

/// What is done to those who try to connect to a proxy.
struct attempt_fault {
    attempt_mode mode = attempt_mode::refuse;  ///< in which way
    /// Share of the connections that are delayed or reset.
    double rate = 1;
    /// From the accept to the dial.
    duration delay{};
    /// It acts only while so many connections of the proxy are live; 0: always.
    std::uint64_t max_connections = 0;
};

}  // namespace aconite
