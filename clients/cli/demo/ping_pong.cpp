#include "clients/cli/demo/ping_pong.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>

namespace aconite::cli {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t message_bytes = 64;
constexpr long patience_seconds = 5;

/// One connection with plain blocking calls: nothing else is in the way of the measurement.
class connection {
public:
    connection() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
    ~connection()
    {
        if (socket_ >= 0)
            close(socket_);
    }
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    bool open(std::uint16_t port)
    {
        timeval const patience{.tv_sec = patience_seconds, .tv_usec = 0};
        int const yes = 1;
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }

    bool round_trip(std::array<char, message_bytes>& message)
    {
        if (send(socket_, message.data(), message.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(message.size()))
            return false;
        std::size_t got = 0;
        while (got < message.size()) {
            errno = 0;
            auto const count = recv(socket_, message.data() + got, message.size() - got, 0);
            if (count <= 0)
                return false;
            got += static_cast<std::size_t>(count);
        }
        return true;
    }

private:
    int socket_;
};

problem broken(char const* what)
{
    std::string const why = errno == 0        ? "the connection was closed"
                            : errno == EAGAIN ? "nothing came back in time"
                                              : std::strerror(errno);
    return {0, std::string(what) + ": " + why};
}

}  // namespace

std::chrono::nanoseconds percentile(round_trips values, double percent)
{
    if (values.empty())
        return {};
    auto const size = static_cast<double>(values.size());
    auto const rank = std::clamp(std::ceil(size * percent / 100), 1.0, size);
    auto const place = values.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
    std::ranges::nth_element(values, place);
    return *place;
}

result<round_trips> measure_round_trips(std::uint16_t port, std::chrono::milliseconds how_long)
{
    connection wire;
    if (!wire.open(port))
        return broken("cannot connect to the proxy");
    round_trips taken;
    std::array<char, message_bytes> message{};
    auto const end = clock::now() + how_long;
    for (auto before = clock::now(); before < end;) {
        if (!wire.round_trip(message))
            return broken("a message was lost");
        auto const after = clock::now();
        taken.push_back(after - before);
        before = after;
    }
    return taken;
}

}  // namespace aconite::cli
