#include "bench/macro/load/ping_pong.hpp"

#include "bench/macro/load/server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace load {

ping_pong::ping_pong(std::uint16_t port, int connections, std::size_t message_size)
    : message_(message_size, static_cast<char>(role::echo)),
      buffer_(std::min<std::size_t>(message_size, 256 << 10))
{
    for (int number = 0; number < connections; ++number) {
        auto& one = connections_.emplace_back(connection{connect_to(port), 0, 0, {}});
        set_nonblocking(one.fd.get());
        events_.add(one.fd.get(), EPOLLIN | EPOLLOUT | EPOLLET, connections_.size() - 1);
    }
    for (auto& one : connections_)
        begin(one, steady::now());
}

latencies ping_pong::run(std::chrono::duration<double> time)
{
    latencies taken;
    auto const end = steady::now() + std::chrono::duration_cast<steady::duration>(time);
    for (auto now = steady::now(); now < end; now = steady::now()) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - now);
        for (auto const& event : events_.wait(static_cast<int>(left.count()))) {
            auto& one = connections_[event.data.u64];
            if ((event.events & EPOLLOUT) != 0)
                send_some(one);
            if ((event.events & ~EPOLLOUT) == 0 || !receive_some(one))
                continue;
            auto const received_at = steady::now();
            taken.add(static_cast<std::uint64_t>((received_at - one.sent_at).count()));
            ++total_;
            begin(one, received_at);
        }
    }
    return taken;
}

void ping_pong::begin(connection& one, steady::time_point now)
{
    one.unsent = message_.size();
    one.missing = message_.size();
    one.sent_at = now;
    send_some(one);
}

void ping_pong::send_some(connection& one)
{
    while (one.unsent > 0) {
        auto const count = ::send(one.fd.get(), message_.data(), one.unsent, MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN)
            return;
        if (count < 0)
            fail("send");
        one.unsent -= static_cast<std::size_t>(count);
    }
}

// True if the echo is complete. A short read has emptied the socket: the next byte is a new edge.
bool ping_pong::receive_some(connection& one)
{
    while (one.missing > 0) {
        auto const wanted = std::min(one.missing, buffer_.size());
        auto const count = ::recv(one.fd.get(), buffer_.data(), wanted, 0);
        if (count < 0 && errno == EAGAIN)
            return false;
        if (count < 0)
            fail("recv");
        if (count == 0)
            throw std::runtime_error("a connection was closed before its echo came");
        one.missing -= static_cast<std::size_t>(count);
        if (one.missing > 0 && static_cast<std::size_t>(count) < wanted)
            return false;
    }
    return true;
}

}  // namespace load
