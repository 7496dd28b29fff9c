#include "proxy/forwarding/endpoint.hpp"

#include "proxy/forwarding/session.hpp"
#include "proxy/forwarding/splice_pipe.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace aconite {
namespace {

tcp_info info_of(int fd)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
    return info;
}

}  // namespace

void endpoint::on_io(std::uint32_t events)
{
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        readable = true;
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0)
        writable = true;
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)) != 0)
        more_than_data_ = true;
    if ((events & EPOLLERR) != 0)
        broken = true;
    if ((events & EPOLLPRI) != 0)
        urgent = true;
    owner_.on_ready(events);
}

void endpoint::renew(unique_fd socket)
{
    fd = std::move(socket);
    readable = writable = broken = urgent = more_than_data_ = false;
}

io_result endpoint::read(std::span<char> into)
{
    for (;;) {
        auto const got = ::recv(fd.get(), into.data(), into.size(), 0);
        if (got > 0) {
            auto const bytes = static_cast<std::size_t>(got);
            // A short read emptied the socket: what comes later is told anew.
            if (bytes < into.size() && !more_than_data_)
                readable = false;
            return {bytes};
        }
        if (got == 0)
            return {0, 0, true};
        if (errno == EINTR)
            continue;
        if (errno == EAGAIN)
            readable = false;
        return {0, errno};
    }
}

io_result endpoint::read(splice_pipe& into, std::size_t max)
{
    auto const got = into.fill(fd.get(), max);
    if (got.error == EAGAIN)
        readable = false;
    return got;
}

io_result endpoint::write(std::string_view bytes)
{
    for (;;) {
        auto const put = ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put >= 0) {
            auto const sent = static_cast<std::size_t>(put);
            if (sent < bytes.size())
                writable = false;
            return {sent};
        }
        if (errno == EINTR)
            continue;
        if (errno == EAGAIN)
            writable = false;
        return {0, errno};
    }
}

io_result endpoint::write(splice_pipe& from)
{
    auto const put = from.drain(fd.get());
    if (put.error == EAGAIN)
        writable = false;
    return put;
}

duration endpoint::since_received() const
{
    return std::chrono::milliseconds(info_of(fd.get()).tcpi_last_data_recv);
}

duration endpoint::since_sent() const
{
    return std::chrono::milliseconds(info_of(fd.get()).tcpi_last_data_sent);
}

void endpoint::shut_write()
{
    ::shutdown(fd.get(), SHUT_WR);
}

void endpoint::close_with_reset()
{
    aconite::close_with_reset(fd);
}

void endpoint::close_politely(std::span<char> scratch)
{
    if (!fd)
        return;
    constexpr int reads_max = 64;
    shut_write();
    for (int i = 0; i < reads_max && read(scratch).bytes > 0; ++i) {}
    fd.reset();
}

}  // namespace aconite
