// A message through a whole engine and back: real sockets, an echo server on a thread.
#include "allocations.hpp"

#include "tests/support/sockets.hpp"

#include <aconite/engine.hpp>

#include <sys/socket.h>

#include <array>
#include <string>

namespace aconite {
namespace {

/// Echoes without allocating.
void echo_quietly(testing::client_socket peer)
{
    std::array<char, 64 * 1024> buffer{};
    for (;;) {
        auto const got = ::recv(peer.fd(), buffer.data(), buffer.size(), 0);
        if (got <= 0 ||
            ::send(peer.fd(), buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)
            return;
    }
}

void ping_pong(benchmark::State& state, std::vector<toxic_config> toxics)
{
    testing::upstream_server const server(echo_quietly);
    engine proxy({.shards = 1});
    auto const listen =
        proxy.create({"p", "127.0.0.1:0", server.address(), true, std::move(toxics)})->listen;
    testing::client_socket client(listen);
    std::string message(static_cast<std::size_t>(state.range(0)), 'x');
    auto const round = [&] {
        ::send(client.fd(), message.data(), message.size(), MSG_NOSIGNAL);
        for (std::size_t got = 0; got < message.size();)
            got += static_cast<std::size_t>(
                ::recv(client.fd(), message.data(), message.size() - got, 0));
    };
    round();

    allocation_count const count(state);
    for (auto _ : state)
        round();
}

void direct(benchmark::State& state)
{
    ping_pong(state, {});
}
BENCHMARK(direct)->Arg(64)->Arg(16 * 1024)->UseRealTime();

void through_noop(benchmark::State& state)
{
    ping_pong(state, {{"t", "noop", stream::upstream, 1, {}}});
}
BENCHMARK(through_noop)->Arg(64)->Arg(16 * 1024)->UseRealTime();

}  // namespace
}  // namespace aconite
