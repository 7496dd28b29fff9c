#include "proxy/endpoint.hpp"

#include "proxy/session.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

namespace aconite {

void endpoint::on_io(std::uint32_t events)
{
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        readable = true;
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0)
        writable = true;
    owner_.on_ready(*this, events);
}

io_result endpoint::read(std::span<char> into)
{
    for (;;) {
        auto const got = ::recv(fd.get(), into.data(), into.size(), 0);
        if (got > 0)
            return {static_cast<std::size_t>(got)};
        if (got == 0)
            return {0, 0, true};
        if (errno == EINTR)
            continue;
        if (errno == EAGAIN)
            readable = false;
        return {0, errno};
    }
}

io_result endpoint::write(std::string_view bytes)
{
    for (;;) {
        auto const put = ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put >= 0)
            return {static_cast<std::size_t>(put)};
        if (errno == EINTR)
            continue;
        if (errno == EAGAIN)
            writable = false;
        return {0, errno};
    }
}

void endpoint::shut_write()
{
    ::shutdown(fd.get(), SHUT_WR);
}

void endpoint::close_with_reset()
{
    linger const at_once{1, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fd.reset();
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
