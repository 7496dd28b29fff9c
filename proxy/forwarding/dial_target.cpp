#include "proxy/forwarding/dial_target.hpp"

#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <cstring>
#include <utility>

namespace aconite {
namespace {

namespace ip = boost::asio::ip;

/// What comes behind so many is left out.
constexpr std::size_t others_max = 63;

address from_endpoint(ip::tcp::endpoint const& endpoint)
{
    address made;
    std::memcpy(made.data(), endpoint.data(), endpoint.size());
    made.size = static_cast<socklen_t>(endpoint.size());
    return made;
}

}  // namespace

dial_target::dial_target(std::string upstream) : text(std::move(upstream))
{
    std::string_view rest = text;
    auto const first = take_item(rest);
    while (!rest.empty() && others.size() < others_max)
        others.emplace_back(std::string(take_item(rest)));
    auto split = split_address(first);
    if (!split) {
        error = split.error().text;
        return;
    }
    parts = std::move(*split);
    if (parts.host.empty())
        parts.host = "127.0.0.1";
    boost::system::error_code not_numeric;
    auto const host = ip::make_address(parts.host, not_numeric);
    auto const port = number_in<std::uint16_t>(parts.port);
    if (!not_numeric && port)
        numeric = from_endpoint({host, *port});
}

}  // namespace aconite
