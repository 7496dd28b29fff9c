#include "proxy/forwarding/dialer.hpp"

#include "proxy/forwarding/dial_order.hpp"
#include "proxy/forwarding/shard.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/socket_option.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace aconite {
namespace {

namespace ip = boost::asio::ip;

address from_endpoint(ip::tcp::endpoint const& endpoint)
{
    address made;
    std::memcpy(made.data(), endpoint.data(), endpoint.size());
    made.size = static_cast<socklen_t>(endpoint.size());
    return made;
}

/// Dialling a free ephemeral port of this host can, by TCP's simultaneous open, connect a socket
/// to itself.
int refuse_itself(int fd, address const& to)
{
    return address::local_of(fd) == to ? ECONNREFUSED : 0;
}

/// Begins to connect: 0 if that is done already, as it is on loopback, else an errno.
int connect_socket(unique_fd& fd, address const& to, std::chrono::seconds keep_alive)
{
    fd.reset(::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd)
        return errno;
    set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    aconite::keep_alive(fd.get(), keep_alive);
    if (::connect(fd.get(), to.data(), to.size) != 0)
        return errno;
    return refuse_itself(fd.get(), to);
}

/// What became of an attempt that is over: 0 or an errno.
int answer_of(int fd, address const& to)
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? refuse_itself(fd, to) : error;
}

}  // namespace

void dial_attempt::on_io(std::uint32_t)
{
    if (fd)
        owner_.on_answer(*this);
}

dialer::~dialer()
{
    for (auto& each : attempts_) {
        each->fd.reset();
        home_.bury(std::move(each));
    }
}

void dialer::start(time_point deadline, receiver then)
{
    deadline_ = deadline;
    then_ = std::move(then);
    auto parts = split_address(upstream_);
    if (!parts) {
        error_ = "dial tcp: " + parts.error().text;
        finish({});
        return;
    }
    if (parts->host.empty())
        parts->host = "127.0.0.1";
    auto const port = number_in<std::uint16_t>(parts->port);
    boost::system::error_code not_numeric;
    auto const host = ip::make_address(parts->host, not_numeric);
    if (!not_numeric && port) {
        try_all({from_endpoint({host, *port})});
        return;
    }

    pending_ = std::make_shared<int>();
    home_.resolver().lookup(
        parts->host, parts->port,
        [this, &home = home_, name = parts->host,
         waits = std::weak_ptr(pending_)](resolver::answer found) mutable {
            home.post([this, name = std::move(name), waits = std::move(waits),
                       found = std::move(found)] {
                if (waits.expired())
                    return;
                if (found.addresses.empty())
                    error_ = "dial tcp: lookup " + name + ": " + found.error;
                try_all(found.addresses);
            });
        });
}

void dialer::start(std::vector<address> const& found, time_point deadline, receiver then)
{
    deadline_ = deadline;
    then_ = std::move(then);
    try_all(found);
}

void dialer::try_all(std::vector<address> const& found)
{
    addresses_ = in_turns(found);
    step_ = dial_step(addresses_.size(), deadline_ - home_.now());
    try_next();
}

/// Goes through the addresses up to one that does not answer at once.
void dialer::try_next()
{
    while (next_ < addresses_.size()) {
        auto const& to = addresses_[next_++];
        unique_fd fd;
        int error = connect_socket(fd, to, keep_alive_);
        if (error == 0) {
            finish(std::move(fd));
            return;
        }
        if (error == EINPROGRESS)
            error = await(std::move(fd), to);
        if (error == 0) {
            home_.wake(*this, next_ < addresses_.size() ? later(home_.now(), step_) : never);
            return;
        }
        failed(to, error);
    }
    if (attempts_.empty())
        finish({});
}

/// 0 or an errno.
int dialer::await(unique_fd fd, address const& to)
{
    auto& made = attempts_.emplace_back(new dial_attempt(*this, to, std::move(fd)));
    int const error = home_.watch(made->fd.get(), *made);
    if (error != 0)
        attempts_.pop_back();
    return error;
}

void dialer::on_alarm(time_point)
{
    try_next();
}

void dialer::on_answer(dial_attempt& which)
{
    int const error = answer_of(which.fd.get(), which.to);
    if (error == 0) {
        finish(std::move(which.fd));
        return;
    }
    failed(which.to, error);
    which.fd.reset();
    auto const over = std::ranges::find(attempts_, &which, &std::unique_ptr<dial_attempt>::get);
    home_.bury(std::move(*over));
    attempts_.erase(over);
    try_next();
}

/// The last that happens here: the receiver may end this object.
void dialer::finish(unique_fd socket)
{
    auto const then = std::move(then_);
    then(std::move(socket));
}

void dialer::failed(address const& at, int error)
{
    error_ = "dial tcp " + at.text() + ": connect: " + errno_text(error);
}

}  // namespace aconite
