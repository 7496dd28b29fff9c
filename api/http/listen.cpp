#include "api/http/listen.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace aconite::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int backlog = 1024;

struct opened {
    error_code failure;
    /// The system call that failed.
    std::string_view call;
    tcp::acceptor socket;
};

opened open_at(asio::io_context& io, tcp::endpoint const& at, bool both_families)
{
    opened made{{}, "socket", tcp::acceptor(io)};
    auto& [failure, call, socket] = made;
    socket.open(at.protocol(), failure);
    if (failure)
        return made;
    call = "setsockopt";
    socket.set_option(tcp::acceptor::reuse_address(true), failure);
    if (!failure && both_families)
        socket.set_option(asio::ip::v6_only(false), failure);
    if (failure)
        return made;
    call = "bind";
    socket.bind(at, failure);
    if (failure)
        return made;
    call = "listen";
    socket.listen(backlog, failure);
    return made;
}

bool is_wildcard(std::string const& host)
{
    return host.empty() || host == "0.0.0.0" || host == "::";
}

std::string joined(std::string const& host, std::string const& port)
{
    return host.find(':') == host.npos ? host + ":" + port : "[" + host + "]:" + port;
}

std::string uncapitalised(std::string text)
{
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

problem problem_of(opened const& failed, std::string const& name)
{
    return {500,
            fmt::format("{}: {}: {}", name, failed.call, uncapitalised(failed.failure.message()))};
}

}  // namespace

result<tcp::acceptor> listen_on(asio::io_context& io, std::string const& given,
                                std::string const& port)
{
    auto const bracketed = given.size() > 1 && given.front() == '[' && given.back() == ']';
    auto const host = bracketed ? given.substr(1, given.size() - 2) : given;
    auto const wildcard = is_wildcard(host);
    auto const name = fmt::format("listen tcp {}", joined(host, port));

    error_code failure;
    tcp::resolver resolver(io);
    auto const found =
        resolver.resolve(wildcard ? "0.0.0.0" : host, port, tcp::resolver::passive, failure);
    if (failure)
        return problem{500, fmt::format("{}: {}", name, uncapitalised(failure.message()))};
    auto const v4 = std::ranges::find_if(
        found, [](auto const& each) { return each.endpoint().address().is_v4(); });
    auto const at = v4 != found.end() ? v4->endpoint() : found.begin()->endpoint();

    if (wildcard) {
        auto both = open_at(io, {tcp::v6(), at.port()}, true);
        if (!both.failure)
            return std::move(both.socket);
        // A system without IPv6 fails before it comes to the port.
        if (both.failure == asio::error::address_in_use)
            return problem_of(both, name);
    }
    auto made = open_at(io, at, false);
    if (made.failure)
        return problem_of(made, name);
    return std::move(made.socket);
}

}  // namespace aconite::api
