#pragma once

#include "proxy/loop/unique_fd.hpp"

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

namespace aconite {

/// Somebody who owns a descriptor, told when it can go on.
class io_handler {
public:
    /// `events` are epoll's, edge-triggered: each is told once until a call gave EAGAIN.
    virtual void on_io(std::uint32_t events) = 0;

protected:
    ~io_handler() = default;
};

/// An edge-triggered epoll set: each descriptor is registered once, so that a message costs no
/// epoll_ctl.
class pump_set {
public:
    /// Throws std::system_error.
    pump_set();

    /// Watches `fd` for both directions, from now on for `handler` if it was for another. An errno,
    /// or 0. A handler must stay until `fd` is closed or another's, and the turn is over.
    int add(int fd, io_handler& handler);

    /// What is ready, at most a batch. `block`: waits until there is something.
    std::span<epoll_event const> wait(bool block);

private:
    unique_fd epoll_;
    std::array<epoll_event, 256> ready_{};
};

}  // namespace aconite
