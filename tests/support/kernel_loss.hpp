#pragma once

#include <linux/capability.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

namespace aconite::testing {

/// Runs `what` on a thread of its own that has not CAP_NET_ADMIN, nor have the threads that it
/// starts: capabilities are a thread's own to the kernel. Any user may give them up.
template <class F>
void without_net_admin(F what)
{
    std::thread([&] {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
        if (::syscall(SYS_capget, &header, sets) != 0)
            throw std::system_error(errno, std::generic_category(), "capget");
        sets[0].effective &= ~(1U << CAP_NET_ADMIN);
        if (::syscall(SYS_capset, &header, sets) != 0)
            throw std::system_error(errno, std::generic_category(), "capset");
        what();
    }).join();
}

/// What the kernel tells of a TCP connection.
inline tcp_info told_of(int fd)
{
    tcp_info told{};
    socklen_t size = sizeof told;
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &told, &size) != 0)
        throw std::system_error(errno, std::generic_category(), "TCP_INFO");
    return told;
}

/// The first that was sent on `fd` got lost.
inline bool had_to_send_again(int fd)
{
    return told_of(fd).tcpi_total_retrans > 0;
}

/// It is known whether it got lost.
inline bool lost_or_not(int fd)
{
    auto const told = told_of(fd);
    return told.tcpi_unacked == 0 || told.tcpi_total_retrans > 0;
}

}  // namespace aconite::testing
