// Connections that are opened for one request each.
#pragma once

#include "bench/macro/load/latencies.hpp"
#include "bench/macro/load/sockets.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace load {

/// Several slots, each of which connects, sends 64 bytes, awaits their echo and closes, again and
/// again. The client closes first, with nothing unread, so no connection ends with a reset.
class churn {
public:
    churn(std::uint16_t port, int slots);

    /// Goes on for this long and returns what the connections that were completed in that time
    /// took, from the start of the connect to the end of the echo.
    latencies run(std::chrono::duration<double> time);

    /// Completed since the start, over all runs.
    std::uint64_t total() const { return total_; }

private:
    struct slot {
        descriptor fd;
        std::size_t missing = 0;  // bytes of the echo
        steady::time_point began;
    };

    void open(std::size_t number);
    void serve(std::size_t number, std::uint32_t events, latencies& taken);

    std::uint16_t port_;
    std::uint8_t next_host_ = 0;
    std::vector<slot> slots_;
    poller events_;
    std::uint64_t total_ = 0;
};

}  // namespace load
