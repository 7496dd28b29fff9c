// Connections that send a message and wait for its echo, again and again.
#pragma once

#include "bench/macro/load/latencies.hpp"
#include "bench/macro/load/sockets.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

/// One message is under way on each connection at any time.
class ping_pong {
public:
    /// Connects; message_size in bytes, at least 1.
    ping_pong(std::uint16_t port, int connections, std::size_t message_size);

    /// Goes on for this long and returns what the echoes that came in that time took.
    latencies run(std::chrono::duration<double> time);

    /// Echoes since the start, over all runs.
    std::uint64_t total() const { return total_; }

private:
    struct connection {
        descriptor fd;
        std::size_t unsent = 0;
        std::size_t missing = 0;  // bytes of the echo
        steady::time_point sent_at;
    };

    void begin(connection& one, steady::time_point now);
    void send_some(connection& one);
    bool receive_some(connection& one);

    std::string message_;
    std::vector<char> buffer_;
    std::vector<connection> connections_;
    poller events_;
    std::uint64_t total_ = 0;
};

}  // namespace load
