// A thread that loses its processor between looking at the clock and reading a socket.
#include "tests/integration/engine/engine_fixture.hpp"

#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>

namespace {

/// Called once, before the next read of the socket whose peer has this port.
std::atomic<in_port_t> awaited_port = 0;
std::function<void()> before_read;

in_port_t port_of(int fd, decltype(&::getpeername) name)
{
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    return name(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0 ? address.sin_port
                                                                       : in_port_t{0};
}

}  // namespace

/// Stands before the C library's.
extern "C" ssize_t recv(int fd, void* into, std::size_t size, int flags)
{
    static auto* const real = reinterpret_cast<decltype(&::recv)>(::dlsym(RTLD_NEXT, "recv"));
    if (auto port = awaited_port.load(); port != 0 && port_of(fd, &::getpeername) == port)
        if (awaited_port.compare_exchange_strong(port, 0))
            before_read();
    return real(fd, into, size, flags);
}

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

TEST(late_read, nothing_leaves_before_its_delay_is_over)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket client(p.listen);
    p.add("latency", stream::upstream, {{"latency", 100}});
    clock::time_point sent;
    before_read = [&] {
        auto const back_at = clock::now() + 80ms;
        while (clock::now() < back_at) {}
        sent = clock::now();
        client.send("second");
    };
    awaited_port = port_of(client.fd(), &::getsockname);

    client.send("first ");

    EXPECT_EQ(client.receive(12), "first second");
    EXPECT_GE(clock::now() - sent, 100ms);
}

}  // namespace
}  // namespace aconite::testing
