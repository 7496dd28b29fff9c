#pragma once

#include "proxy/unique_fd.hpp"

#include <cstdint>

namespace aconite {

/// A socket's owner, told when the socket can go on.
class io_handler {
public:
    /// `events` are epoll's, edge-triggered: each is told once until a call gave EAGAIN.
    virtual void on_io(std::uint32_t events) = 0;

protected:
    ~io_handler() = default;
};

/// An edge-triggered epoll set: each socket is registered once, so a message costs no
/// epoll_ctl. Its own descriptor is waited for by the shard's event loop.
class pump_set {
public:
    /// Throws std::system_error.
    pump_set();

    /// Watches `fd` for both directions. An errno, or 0. The handler must stay until `fd` is
    /// closed and the turn is over.
    int add(int fd, io_handler& handler);

    /// Tells the handlers of up to a batch of ready sockets. Whether there may be more.
    bool dispatch();

    [[nodiscard]] int fd() const { return epoll_.get(); }

private:
    unique_fd epoll_;
};

}  // namespace aconite
