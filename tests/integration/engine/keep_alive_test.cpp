// Whether a peer that is gone without a word is noticed: by the kernel, if it was told to ask.
#include "proxy/net/address.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

#include <netinet/tcp.h>

#include <filesystem>
#include <utility>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// The socket of this process with this peer; -1 if there is none.
int socket_to(std::string const& peer)
{
    for (auto const& each : std::filesystem::directory_iterator("/proc/self/fd"))
        if (int const fd = std::stoi(each.path().filename()); address::peer_of(fd).text() == peer)
            return fd;
    return -1;
}

int option(int fd, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    ::getsockopt(fd, level, name, &value, &size);
    return value;
}

/// A proxy through which a client has been connected for longer than a short-lived one is.
struct busy_proxy {
    explicit busy_proxy(engine_config config) : p(server.address(), std::move(config))
    {
        client.send("x");
        EXPECT_EQ(client.receive(1), "x");
        accepted = socket_to(address::local_of(client.fd()).text());
        dialled = socket_to(server.address());
        EXPECT_TRUE(eventually([this] { return p.engine.connections().at(0).age_ms > 1'200; }));
    }

    upstream_server const server{echo};
    proxied p;
    client_socket client{p.listen};
    int accepted = -1;
    int dialled = -1;
};

TEST(keep_alive, asks_both_sides_after_15_seconds_of_silence)
{
    busy_proxy const b({});
    for (int const fd : {b.accepted, b.dialled}) {
        EXPECT_EQ(option(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
        EXPECT_EQ(option(fd, IPPROTO_TCP, TCP_KEEPIDLE), 15);
        EXPECT_EQ(option(fd, IPPROTO_TCP, TCP_KEEPINTVL), 15);
    }
}

TEST(keep_alive, asks_when_the_engine_was_told_to)
{
    busy_proxy const b({.keep_alive = 100'000s});  // more than the kernel takes
    for (int const fd : {b.accepted, b.dialled}) {
        EXPECT_EQ(option(fd, IPPROTO_TCP, TCP_KEEPIDLE), 32'767);
        EXPECT_EQ(option(fd, IPPROTO_TCP, TCP_KEEPINTVL), 32'767);
    }
}

TEST(keep_alive, can_be_off)
{
    busy_proxy const b({.keep_alive = 0s});
    for (int const fd : {b.accepted, b.dialled})
        EXPECT_EQ(option(fd, SOL_SOCKET, SO_KEEPALIVE), 0);
}

}  // namespace
}  // namespace aconite::testing
