#include "proxy/forwarding/dialer.hpp"

#include "proxy/forwarding/shard.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/socket_option.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <netinet/tcp.h>

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

}  // namespace

void dialer::resolve(shard& home, std::function<void()> then)
{
    auto parts = split_address(upstream_);
    if (!parts) {
        error_ = "dial tcp: " + parts.error().text;
        then();
        return;
    }
    if (parts->host.empty())
        parts->host = "127.0.0.1";
    auto const port = number_in<std::uint16_t>(parts->port);
    boost::system::error_code not_numeric;
    auto const host = ip::make_address(parts->host, not_numeric);
    if (!not_numeric && port) {
        addresses_.push_back(from_endpoint({host, *port}));
        then();
        return;
    }

    pending_ = std::make_shared<int>();
    home.resolver().lookup(parts->host, parts->port,
                           [this, &home, name = parts->host, then = std::move(then),
                            waits = std::weak_ptr(pending_)](resolver::answer found) mutable {
                               home.post([this, name = std::move(name), then = std::move(then),
                                          waits = std::move(waits), found = std::move(found)] {
                                   if (waits.expired())
                                       return;
                                   addresses_ = found.addresses;
                                   if (addresses_.empty())
                                       error_ = "dial tcp: lookup " + name + ": " + found.error;
                                   then();
                               });
                           });
}

unique_fd dialer::next()
{
    while (next_ < addresses_.size()) {
        auto const& to = addresses_[next_++];
        unique_fd fd(::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (!fd) {
            failed(to, errno);
            continue;
        }
        set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
        set_option(fd.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
        at_once_ = ::connect(fd.get(), to.data(), to.size) == 0;
        if (at_once_ || errno == EINPROGRESS)
            return fd;
        failed(to, errno);
    }
    return {};
}

bool dialer::connected(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    // Dialling a free ephemeral port of this host can, by TCP's simultaneous open, connect a
    // socket to itself.
    if (error == 0 && address::local_of(fd) == addresses_[next_ - 1])
        error = ECONNREFUSED;
    if (error != 0)
        failed(addresses_[next_ - 1], error);
    return error == 0;
}

void dialer::failed(address const& at, int error)
{
    error_ = "dial tcp " + at.text() + ": connect: " + errno_text(error);
}

}  // namespace aconite
