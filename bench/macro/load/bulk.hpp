// Streams that fill whatever is between them and the server.
#pragma once

#include "bench/macro/load/event_thread.hpp"

#include <cstdint>
#include <vector>

namespace load {

/// Sends on several connections, as fast as they take it, on a thread of its own, from when it is
/// made until finish(). Sends pages of a file, which costs the sender no copy.
class bulk_senders {
public:
    bulk_senders(std::uint16_t port, int connections);

    /// Stops sending and tells the other end; returns the bytes sent since the start.
    std::uint64_t finish();

private:
    void send_some(int fd);

    descriptor file_;
    std::vector<descriptor> connections_;
    std::uint64_t sent_ = 0;
    event_thread thread_;
};

}  // namespace load
