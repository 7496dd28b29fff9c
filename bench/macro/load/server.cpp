#include "bench/macro/load/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace load {

server::server(std::uint16_t port)
    : listener_(listen_on(port)), echo_buffer_(256 << 10), discard_buffer_(1 << 20)
{
    echoer_.events().add(listener_.get(), EPOLLIN, static_cast<std::uint64_t>(listener_.get()));
    discarder_.start(
        [this](epoll_event const& event) { discard(static_cast<int>(event.data.u64)); });
    echoer_.start([this](epoll_event const& event) {
        auto const fd = static_cast<int>(event.data.u64);
        if (fd == listener_.get())
            accept_all();
        else
            echo(fd);
    });
}

void server::accept_all()
{
    for (int fd = accept_next(listener_.get()); fd >= 0; fd = accept_next(listener_.get())) {
        set_nodelay(fd);
        auto const index = static_cast<std::size_t>(fd);
        if (unsent_.size() <= index)
            unsent_.resize(index + 1);
        unsent_[index].clear();
        echoer_.events().add(fd, EPOLLIN, index);
        ++accepted_;
    }
}

// Reads nothing more from a stream while something is left to send on it.
void server::echo(int fd)
{
    auto const left = std::move(unsent_[static_cast<std::size_t>(fd)]);
    unsent_[static_cast<std::size_t>(fd)].clear();
    if (!left.empty()) {
        if (!send_or_keep(fd, left.data(), left.size()))
            return;
        echoer_.events().modify(fd, EPOLLIN, static_cast<std::uint64_t>(fd));
    }

    auto const count = ::recv(fd, echo_buffer_.data(), echo_buffer_.size(), 0);
    if (count < 0 && errno == EAGAIN)
        return;
    if (count <= 0) {
        ::close(fd);
        return;
    }
    auto const size = static_cast<std::size_t>(count);
    if (echo_buffer_.front() == static_cast<char>(role::discard)) {
        discarded_ += size;
        echoer_.events().remove(fd);
        discarder_.events().add(fd, EPOLLIN, static_cast<std::uint64_t>(fd));
    } else {
        send_or_keep(fd, echo_buffer_.data(), size);
    }
}

// True if all was sent. What the socket does not take waits until it is writable.
bool server::send_or_keep(int fd, char const* data, std::size_t size)
{
    auto const count = ::send(fd, data, size, MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN) {
        ::close(fd);
        return false;
    }
    auto const sent = static_cast<std::size_t>(count < 0 ? 0 : count);
    if (sent == size)
        return true;
    unsent_[static_cast<std::size_t>(fd)].assign(data + sent, size - sent);
    echoer_.events().modify(fd, EPOLLOUT, static_cast<std::uint64_t>(fd));
    return false;
}

void server::discard(int fd)
{
    // MSG_TRUNC drops the bytes in the kernel: the receiver must not be the bottleneck.
    auto const count =
        ::recv(fd, discard_buffer_.data(), discard_buffer_.size(), MSG_TRUNC | MSG_DONTWAIT);
    if (count > 0) {
        discarded_ += static_cast<std::uint64_t>(count);
    } else if (count == 0 || errno != EAGAIN) {
        ::close(fd);
        ++discarded_ends_;
    }
}

}  // namespace load
