#include "bench/macro/load/sockets.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace load {
namespace {

sockaddr_in loopback(std::uint8_t host, std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl((127u << 24) | host);
    address.sin_port = htons(port);
    return address;
}

sockaddr const* general(sockaddr_in const& address)
{
    return reinterpret_cast<sockaddr const*>(&address);
}

descriptor tcp_socket(int flags)
{
    descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
    if (fd.get() < 0)
        fail("socket");
    return fd;
}

void set_option(int fd, int level, int option)
{
    int const on = 1;
    if (::setsockopt(fd, level, option, &on, sizeof on) != 0)
        fail("setsockopt");
}

}  // namespace

void fail(char const* call)
{
    throw std::system_error(errno, std::generic_category(), call);
}

descriptor::~descriptor()
{
    if (fd_ >= 0)
        ::close(fd_);
}

descriptor listen_on(std::uint16_t port)
{
    auto fd = tcp_socket(SOCK_NONBLOCK);
    set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR);
    auto const address = loopback(1, port);
    if (::bind(fd.get(), general(address), sizeof address) != 0)
        fail("bind");
    if (::listen(fd.get(), 4096) != 0)
        fail("listen");
    return fd;
}

int accept_next(int listener)
{
    int const fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && errno != EAGAIN && errno != ECONNABORTED)
        fail("accept");
    return fd;
}

descriptor connect_to(std::uint16_t port)
{
    auto fd = tcp_socket(0);
    set_nodelay(fd.get());
    auto const address = loopback(1, port);
    if (::connect(fd.get(), general(address), sizeof address) != 0)
        fail("connect");
    return fd;
}

descriptor begin_connect(std::uint16_t port, std::uint8_t host)
{
    auto fd = tcp_socket(SOCK_NONBLOCK);
    set_nodelay(fd.get());
    set_option(fd.get(), SOL_IP, IP_BIND_ADDRESS_NO_PORT);
    auto const from = loopback(host, 0);
    if (::bind(fd.get(), general(from), sizeof from) != 0)
        fail("bind");
    auto const to = loopback(1, port);
    if (::connect(fd.get(), general(to), sizeof to) != 0 && errno != EINPROGRESS)
        fail("connect");
    return fd;
}

void set_nonblocking(int fd)
{
    if (::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK) != 0)
        fail("fcntl");
}

void set_nodelay(int fd)
{
    set_option(fd, IPPROTO_TCP, TCP_NODELAY);
}

poller::poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), events_(256)
{
    if (epoll_.get() < 0)
        fail("epoll_create1");
}

void poller::add(int fd, std::uint32_t events, std::uint64_t tag)
{
    epoll_event event{events, {.u64 = tag}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        fail("epoll_ctl");
}

void poller::modify(int fd, std::uint32_t events, std::uint64_t tag)
{
    epoll_event event{events, {.u64 = tag}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) != 0)
        fail("epoll_ctl");
}

void poller::remove(int fd)
{
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr) != 0)
        fail("epoll_ctl");
}

std::span<epoll_event const> poller::wait(int milliseconds)
{
    int const count =
        ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), milliseconds);
    if (count < 0 && errno != EINTR)
        fail("epoll_wait");
    return {events_.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
}

}  // namespace load
