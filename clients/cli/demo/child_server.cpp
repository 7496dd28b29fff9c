#include "clients/cli/demo/child_server.hpp"

#include <aconite/client.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <system_error>
#include <thread>

namespace aconite::cli {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto poll_interval = 20ms;

/// The port that listening on `port` of 127.0.0.1 would give; nothing if it is taken.
std::optional<std::uint16_t> try_listen(std::uint16_t port)
{
    auto const listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return std::nullopt;
    int const yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    auto const listens = bind(listener, plain, size) == 0 && listen(listener, 1) == 0 &&
                         getsockname(listener, plain, &size) == 0;
    close(listener);
    return listens ? std::optional<std::uint16_t>(ntohs(address.sin_port)) : std::nullopt;
}

}  // namespace

std::optional<std::uint16_t> free_port()
{
    return try_listen(0);
}

bool is_free(std::uint16_t port)
{
    return try_listen(port).has_value();
}

child_server::child_server(std::uint16_t port) : port_(port)
{
    auto const parent = getpid();
    process_ = fork();
    if (process_ < 0)
        throw std::system_error(errno, std::generic_category(), "cannot start the server");
    if (process_ > 0)
        return;

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);  // it died before the line above
    setenv("LOG_LEVEL", "warn", 1);
    dup2(STDERR_FILENO, STDOUT_FILENO);  // our own output is not the place for its log
    auto const number = std::to_string(port);
    execl("/proc/self/exe", "aconite", "serve", "-port", number.c_str(), "-proxy-metrics",
          static_cast<char*>(nullptr));
    _exit(127);
}

child_server::~child_server()
{
    stop();
}

result<void> child_server::wait_until_ready()
{
    client::server const server({.url = "127.0.0.1:" + std::to_string(port_)});
    auto const deadline = clock::now() + 10s;
    while (alive()) {
        if (server.version())
            return {};
        if (clock::now() > deadline)
            return problem{0, "the server does not answer"};
        std::this_thread::sleep_for(poll_interval);
    }
    return problem{0, "the server ended at once"};
}

bool child_server::alive()
{
    if (process_ > 0 && waitpid(process_, nullptr, WNOHANG) == process_)
        process_ = -1;
    return process_ > 0;
}

void child_server::stop()
{
    if (!alive())
        return;
    kill(process_, SIGTERM);
    auto const deadline = clock::now() + 5s;
    while (alive() && clock::now() < deadline)
        std::this_thread::sleep_for(poll_interval);
    if (alive()) {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
        process_ = -1;
    }
}

}  // namespace aconite::cli
