#include "api/http/listen.hpp"

#include "proxy/net/address.hpp"

#include <chrono>

namespace aconite::api {
namespace {

using boost::asio::ip::tcp;

/// As Go's servers, and so Toxiproxy's, have it.
constexpr std::chrono::seconds keep_alive{15};

}  // namespace

result<tcp::acceptor> listen_on(boost::asio::io_context& io, std::string const& host,
                                std::string const& port)
{
    auto const at = resolve_listen(join_host_port(host, port));
    if (!at)
        return problem{500, "listen tcp: " + at.error().text};
    auto made = open_listener(*at, keep_alive);
    if (!made)
        return made.error();
    bool const v6 = address::local_of(made->fd.get()).family() == AF_INET6;
    tcp::acceptor acceptor(io);
    boost::system::error_code failure;
    acceptor.assign(v6 ? tcp::v6() : tcp::v4(), made->fd.get(), failure);
    if (failure)
        return problem{500, "listen tcp " + made->text + ": " + failure.message()};
    made->fd.release();
    return acceptor;
}

}  // namespace aconite::api
