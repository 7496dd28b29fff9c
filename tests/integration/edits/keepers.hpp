#pragma once

#include "proxy/loop/unique_fd.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::testing {

/// Where upstream connections of a proxy arrive.
class upstream_end {
public:
    upstream_end();
    [[nodiscard]] std::string const& address() const { return address_; }
    /// The next connection, non-blocking; none if nobody waits.
    unique_fd accept();
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    unique_fd fd_;
    std::string address_;
};

/// Connections through a proxy that keep sending in both directions, at random, while every byte
/// that arrives is compared with what belongs in its place. Not thread-safe. Every call throws
/// std::runtime_error as soon as a connection ends or carries a wrong byte.
class keepers {
public:
    /// Opens `count` connections to a proxy at `listen` that leads to `upstream`.
    keepers(std::string const& listen, upstream_end& upstream, std::size_t count,
            std::uint64_t seed);

    /// Receives what comes within a millisecond and, once in a millisecond, sends.
    void turn();
    /// Receives what comes within a millisecond. Whether everything that was sent has arrived.
    bool drain();
    /// Ends every connection, one direction after the other, and sees both ends arrive.
    void finish();

    [[nodiscard]] std::uint64_t sent_bytes() const;
    [[nodiscard]] std::uint64_t received_bytes() const;
    /// Tells where bytes are that were sent and have not arrived.
    [[nodiscard]] std::string under_way() const;
    /// Of the stream that carried least.
    [[nodiscard]] std::uint64_t least_bytes() const;

private:
    /// One direction of one connection.
    struct flow {
        int from;
        int to;
        std::size_t number;
        std::uint64_t sent_bytes = 0;
        std::uint64_t received_bytes = 0;
        std::uint64_t to_send_bytes = 0;
    };

    void receive(int timeout_ms);
    void take(flow& which);
    void send(flow& which);
    [[nodiscard]] std::string_view expected(flow const& which, std::uint64_t at) const;

    std::string const data_;
    std::mt19937_64 dice_;
    std::chrono::steady_clock::time_point next_sends_{};
    unique_fd epoll_;
    std::deque<std::array<unique_fd, 2>> ends_;  ///< client and server
    std::vector<flow> flows_;
    std::vector<char> buffer_;
};

}  // namespace aconite::testing
