#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <aconite/problem.hpp>

#include <string>

namespace aconite::api {

/// A listening socket for the API. A host name is one address, IPv4 first; no host or a
/// wildcard is every address of both families, or of IPv4 where the system has no IPv6.
/// `port` is a number or a service's name. 500 with the reason. May wait for a name.
result<boost::asio::ip::tcp::acceptor> listen_on(boost::asio::io_context& io,
                                                 std::string const& host, std::string const& port);

}  // namespace aconite::api
