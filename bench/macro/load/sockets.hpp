// The few socket calls that the load needs. Everything is TCP on 127.0.0.0/8.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace load {

/// Throws std::system_error for errno, naming the failed call.
[[noreturn]] void fail(char const* call);

/// Owns a file descriptor.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int fd) : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~descriptor();

    int get() const { return fd_; }

private:
    int fd_ = -1;
};

/// A non-blocking listener on 127.0.0.1:port.
descriptor listen_on(std::uint16_t port);

/// The next client of such a listener, the caller's to close; -1 if nobody waits.
int accept_next(int listener);

/// A blocking connection to 127.0.0.1:port, with TCP_NODELAY.
descriptor connect_to(std::uint16_t port);

/// Begins a non-blocking connection from 127.0.0.<host>, so that many addresses share the ports.
/// It is ready, or has failed, when it is writable.
descriptor begin_connect(std::uint16_t port, std::uint8_t host);

void set_nonblocking(int fd);
void set_nodelay(int fd);

/// An epoll set. The tag of a watched descriptor comes back in its events as data.u64.
class poller {
public:
    poller();
    void add(int fd, std::uint32_t events, std::uint64_t tag);
    void modify(int fd, std::uint32_t events, std::uint64_t tag);
    void remove(int fd);

    /// Waits at most this long (-1: for ever). The events are valid until the next call.
    std::span<epoll_event const> wait(int milliseconds);

private:
    descriptor epoll_;
    std::vector<epoll_event> events_;
};

}  // namespace load
