// Connections that only stand there, so that somebody can look what they cost the proxy.
#include "bench/macro/load/server.hpp"
#include "bench/macro/load/waiting.hpp"
#include "bench/macro/load/workloads.hpp"

#include <sys/socket.h>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace load {
namespace {

constexpr std::size_t passed_size = 64 << 10;
constexpr std::uint64_t at_once = 50;  // far less than any backlog

// Accepted here means that both legs of the connection stand.
void open_up_to(std::uint64_t count, std::vector<descriptor>& connections, std::uint16_t port,
                server const& upstream)
{
    while (connections.size() < count) {
        connections.push_back(connect_to(port));
        if (connections.size() % at_once == 0 || connections.size() == count)
            wait_until([&] { return upstream.accepted() >= connections.size(); },
                       "connections did not reach the upstream");
    }
}

void pass_through(int fd)
{
    static std::string const message(passed_size, static_cast<char>(role::echo));
    static std::string echo(passed_size, '\0');
    if (::send(fd, message.data(), message.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(passed_size))
        fail("send");
    if (::recv(fd, echo.data(), echo.size(), MSG_WAITALL) != static_cast<ssize_t>(passed_size))
        throw std::runtime_error("an echo did not come whole");
}

}  // namespace

void run_idle(options const& options)
{
    server upstream(options.listen);
    std::vector<descriptor> connections;
    for (int const step : options.steps) {
        open_up_to(static_cast<std::uint64_t>(step), connections, options.target, upstream);
        std::printf("{\"open\": %d}\n", step);
        wait_for_line();
    }
    for (auto const& connection : connections)
        pass_through(connection.get());
    std::printf("{\"passed\": %zu}\n", passed_size);
    wait_for_line();
}

}  // namespace load
