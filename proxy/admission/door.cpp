#include "proxy/admission/door.hpp"

#include <netinet/tcp.h>

#include <cerrno>

namespace aconite {

int door::set(door_state wanted)
{
    if (state_ == wanted)
        return 0;
    state_.reset();
    int error = 0;
    switch (wanted) {
    case door_state::open:
        error = listen(SOMAXCONN);
        break;
    case door_state::refusing:
        error = refuse();
        break;
    case door_state::silent:
        error = fall_silent();
        break;
    }
    if (error == 0)
        state_ = wanted;
    return error;
}

unique_fd door::accept(address& from)
{
    for (;;) {
        from.size = sizeof from.storage;
        unique_fd client(
            ::accept4(socket_.get(), from.data(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!client || !filler_ || from != filler_address_)
            return client;
        close_with_reset(client);
        filler_.reset();
    }
}

void door::close()
{
    socket_.reset();
    filler_.reset();
}

int door::listen(int backlog)
{
    set_reusable(true);
    if (::listen(socket_.get(), backlog) != 0)
        return errno;
    listening_ = true;
    return 0;
}

/// Resets who is in the queue, the filler too.
int door::refuse()
{
    set_reusable(false);
    if (listening_ && ::shutdown(socket_.get(), SHUT_RD) != 0)
        return errno;
    listening_ = false;
    filler_.reset();
    return 0;
}

int door::fall_silent()
{
    if (int const error = listen(0); error != 0)
        return error;
    return full() ? 0 : fill();
}

/// Of a listening socket the kernel tells here how many are queued, and how many it is to queue.
bool door::full() const
{
    tcp_info info{};
    socklen_t size = sizeof info;
    ::getsockopt(socket_.get(), IPPROTO_TCP, TCP_INFO, &info, &size);
    return info.tcpi_unacked > info.tcpi_sacked;
}

int door::fill()
{
    auto const to = reachable(address::local_of(socket_.get()));
    close_with_reset(filler_);  // of a silence in which a client took its place
    unique_fd made(::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made)
        return errno;
    if (::connect(made.get(), to.data(), to.size) != 0 && errno != EINPROGRESS)
        return errno;
    filler_address_ = address::local_of(made.get());
    filler_ = std::move(made);
    return 0;
}

/// While the socket does not listen, SO_REUSEADDR would let others of that kind take the port; and
/// without it, it could not listen again beside its own established connections.
void door::set_reusable(bool reusable)
{
    int const value = reusable ? 1 : 0;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &value, sizeof value);
}

}  // namespace aconite
