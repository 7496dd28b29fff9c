// What the proxies forward to.
#pragma once

#include "bench/macro/load/event_thread.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

/// The first byte of a stream tells the server what to do with the stream.
enum class role : char {
    echo = 'e',     // send everything back
    discard = 's',  // count and forget
};

/// Listens on 127.0.0.1. One thread accepts and echoes, another discards, so that bulk streams do
/// not delay answers more than the proxy does. Counters: any thread.
class server {
public:
    explicit server(std::uint16_t port);

    /// Connections accepted.
    std::uint64_t accepted() const { return accepted_; }
    /// Bytes that discarded streams brought.
    std::uint64_t discarded() const { return discarded_; }
    /// Discarded streams that ended.
    std::uint64_t discarded_ends() const { return discarded_ends_; }

private:
    void accept_all();
    void echo(int fd);
    bool send_or_keep(int fd, char const* data, std::size_t size);
    void discard(int fd);

    descriptor listener_;
    std::vector<std::string> unsent_;  // by descriptor; mostly empty
    std::vector<char> echo_buffer_;
    std::vector<char> discard_buffer_;
    std::atomic<std::uint64_t> accepted_ = 0;
    std::atomic<std::uint64_t> discarded_ = 0;
    std::atomic<std::uint64_t> discarded_ends_ = 0;
    event_thread discarder_;
    event_thread echoer_;
};

}  // namespace load
