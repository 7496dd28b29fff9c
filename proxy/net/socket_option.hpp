#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>

namespace aconite {

/// Sets an option of a socket whose value is a number. Best effort: what the kernel refuses stays
/// as it is. Any thread.
inline void set_option(int fd, int level, int name, int value)
{
    ::setsockopt(fd, level, name, &value, sizeof value);
}

/// What the kernel takes as a time between two questions.
inline constexpr std::chrono::seconds keep_alive_max{32'767};

/// Has the kernel ask the peer of a TCP socket whether it is still there, each time nothing was
/// heard of it `for_so_long`; 0 leaves the socket as it is. What a listening socket has, accepted
/// ones inherit.
inline void keep_alive(int fd, std::chrono::seconds for_so_long)
{
    if (for_so_long <= std::chrono::seconds::zero())
        return;
    auto const seconds = static_cast<int>(for_so_long.count());
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

}  // namespace aconite
