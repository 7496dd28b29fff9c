#include "bench/macro/toxics/net.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <ctime>
#include <system_error>

namespace aconite::bench {
namespace {

int checked(int result, char const* what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

sockaddr_in local(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void prepare(int fd)
{
    int const on = 1;
    timeval const patience{.tv_sec = 30, .tv_usec = 0};
    checked(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
    checked(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "SO_RCVTIMEO");
    checked(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), "SO_SNDTIMEO");
}

}  // namespace

std::int64_t now_ns()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

void sleep_until(std::int64_t when_ns)
{
    static thread_local auto const no_slack = prctl(PR_SET_TIMERSLACK, 1);
    (void)no_slack;
    timespec const when{when_ns / 1'000'000'000, when_ns % 1'000'000'000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, nullptr) == EINTR) {}
}

line_maker::line_maker(route way)
    : way_(way), listener_(checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"))
{
    int const on = 1;
    auto const address = local(way.listen);
    checked(setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "reuse");
    prepare(listener_.get());
    checked(bind(listener_.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address),
            "bind");
    checked(listen(listener_.get(), 4096), "listen");
}

line line_maker::open()
{
    auto const address = local(way_.connect);
    line made;
    made.client.reset(checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    prepare(made.client.get());
    checked(connect(made.client.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address),
            "connect");
    made.server.reset(checked(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
    prepare(made.server.get());
    return made;
}

bool send_all(int fd, std::span<char const> bytes)
{
    while (!bytes.empty()) {
        auto const sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
}

std::ptrdiff_t receive(int fd, std::span<char> room)
{
    return recv(fd, room.data(), room.size(), 0);
}

void cut(line const& ends)
{
    linger const at_once{.l_onoff = 1, .l_linger = 0};
    for (auto const fd : {ends.client.get(), ends.server.get()}) {
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        shutdown(fd, SHUT_RDWR);
    }
}

}  // namespace aconite::bench
