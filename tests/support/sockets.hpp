#pragma once

#include "proxy/loop/unique_fd.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace aconite::testing {

/// How long a test waits for what must happen before it calls it a hang.
inline constexpr std::chrono::seconds patience{20};

/// A blocking client socket whose calls give up after `patience`.
class client_socket {
public:
    /// Connects to "127.0.0.1:port". Throws std::system_error.
    explicit client_socket(std::string const& where);
    /// Takes over an accepted socket.
    explicit client_socket(unique_fd fd);

    /// Sends everything. Throws std::system_error.
    void send(std::string_view bytes);
    /// Exactly `count` bytes, fewer only at the end of the stream. Throws std::system_error,
    /// ECONNRESET for a reset and ETIMEDOUT for a hang.
    std::string receive(std::size_t count);
    /// Everything up to the end of the stream.
    std::string receive_all();
    /// Whether the next thing to come is a reset.
    bool sees_reset();
    void shut_write();
    /// Closes with RST.
    void reset();
    void small_receive_buffer();
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    unique_fd fd_;
};

/// A listening socket on a free port of 127.0.0.1 that gives each client to `serve` on a thread
/// of its own; joins them all when destroyed.
class upstream_server {
public:
    explicit upstream_server(std::function<void(client_socket)> serve);
    ~upstream_server();
    [[nodiscard]] std::string const& address() const { return address_; }

private:
    unique_fd listener_;
    std::string address_;
    std::thread thread_;
};

/// Sends back what comes until the stream ends.
void echo(client_socket peer);

/// An address whose SYNs are never answered: a listener with a full backlog.
class blackhole {
public:
    blackhole();
    /// From now on they are.
    void light();
    [[nodiscard]] std::string const& address() const { return address_; }

private:
    unique_fd listener_;
    std::string address_;
    unique_fd fill_[4];
};

/// `count` bytes that differ from place to place.
std::string pattern(std::size_t count);

/// Waits until `done()`; false if it does not come true within `patience`.
bool eventually(std::function<bool()> const& done);

}  // namespace aconite::testing
