#include "proxy/net/address.hpp"

#include "proxy/net/number.hpp"
#include "proxy/net/socket_option.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace aconite {
namespace {

bool is_wildcard(address const& a)
{
    if (a.family() == AF_INET)
        return a.storage.in.sin_addr.s_addr == INADDR_ANY;
    return IN6_IS_ADDR_UNSPECIFIED(&a.storage.in6.sin6_addr);
}

/// False for a host that getaddrinfo would read in part, up to a zero byte, or as another one:
/// `127.1`, `0x7f.1` and `010.0.0.1` are addresses to it.
bool is_host(std::string const& text)
{
    if (text.find('\0') != text.npos)
        return false;
    in_addr address{};
    return ::inet_aton(text.c_str(), &address) == 0 ||
           ::inet_pton(AF_INET, text.c_str(), &address) == 1;
}

address dual_stack(std::uint16_t port)
{
    address made;
    auto& in6 = made.storage.in6;
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    made.size = sizeof in6;
    return made;
}

address all_of_ipv4(std::uint16_t port)
{
    address made;
    auto& in = made.storage.in;
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    made.size = sizeof in;
    return made;
}

/// A listening socket, or the name and the errno of the call that failed.
struct attempt {
    unique_fd fd;
    char const* call = "";
    int error = 0;
};

attempt bind_to(address const& at)
{
    unique_fd fd(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd)
        return {unique_fd(), "socket", errno};
    set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    if (at.family() == AF_INET6)
        set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, is_wildcard(at) ? 0 : 1);
    if (::bind(fd.get(), at.data(), at.size) != 0)
        return {unique_fd(), "bind", errno};
    return {std::move(fd)};
}

attempt listen_on(address const& at)
{
    auto made = bind_to(at);
    // A socket that stops listening keeps only a port that it was bound to by number. No socket
    // listens yet, so two can hold the port.
    if (made.fd && at.ip().port == 0)
        made = bind_to(address::local_of(made.fd.get()));
    if (made.fd && ::listen(made.fd.get(), SOMAXCONN) != 0)
        return {unique_fd(), "listen", errno};
    return made;
}

}  // namespace

address reachable(address where)
{
    if (!is_wildcard(where))
        return where;
    if (where.family() == AF_INET) {
        where.storage.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else {  // of both families: there is always an IPv4 one
        in6_addr const loopback = {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}}};
        where.storage.in6.sin6_addr = loopback;
    }
    return where;
}

std::string errno_text(int error)
{
    auto text = std::generic_category().message(error);
    if (!text.empty())
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

std::string ip_endpoint::text() const
{
    char shown[INET6_ADDRSTRLEN] = "";
    bool const v4 = IN6_IS_ADDR_V4MAPPED(&host);
    ::inet_ntop(v4 ? AF_INET : AF_INET6, &host.s6_addr[v4 ? 12 : 0], shown, sizeof shown);
    auto const at_port = ":" + std::to_string(port);
    return v4 ? shown + at_port : "[" + std::string(shown) + "]" + at_port;
}

ip_endpoint address::ip() const
{
    ip_endpoint made;
    if (family() == AF_INET6) {
        auto const& in6 = storage.in6;
        made = {in6.sin6_addr, ntohs(in6.sin6_port)};
    } else if (family() == AF_INET) {
        auto const& in = storage.in;
        made.host.s6_addr[10] = made.host.s6_addr[11] = 0xff;
        std::memcpy(&made.host.s6_addr[12], &in.sin_addr, 4);
        made.port = ntohs(in.sin_port);
    }
    return made;
}

std::string address::text() const
{
    return family() == AF_INET || family() == AF_INET6 ? ip().text() : std::string{};
}

address address::peer_of(int fd)
{
    address made;
    made.size = sizeof made.storage;
    if (::getpeername(fd, made.data(), &made.size) != 0)
        return {};
    return made;
}

address address::local_of(int fd)
{
    address made;
    made.size = sizeof made.storage;
    if (::getsockname(fd, made.data(), &made.size) != 0)
        return {};
    return made;
}

result<host_port> split_host_port(std::string_view text)
{
    auto const bad = [&](char const* why) {
        return problem{500, "address " + std::string(text) + ": " + why};
    };
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return bad("missing port in address");
    auto host = text.substr(0, colon);
    if (text.starts_with('[')) {
        auto const close = text.find(']');
        if (close == std::string_view::npos)
            return bad("missing ']' in address");
        if (close + 1 == text.size())
            return bad("missing port in address");
        if (close + 1 != colon)
            return bad(text[close + 1] == ':' ? "too many colons in address"
                                              : "missing port in address");
        host = text.substr(1, close - 1);
    } else if (host.find(':') != std::string_view::npos) {
        return bad("too many colons in address");
    }
    return host_port{std::string(host), std::string(text.substr(colon + 1))};
}

bool is_port(std::string_view text)
{
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if (text.find_first_of(letters) == text.npos)
        return text.empty() || number_in<std::uint16_t>(text);
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

result<host_port> split_address(std::string_view text)
{
    auto parts = split_host_port(text);
    if (parts && !is_port(parts->port))
        return problem{500, "address " + parts->port + ": invalid port"};
    if (parts && !is_host(parts->host))
        return problem{500, "lookup " + parts->host + ": no such host"};
    return parts;
}

std::string join_host_port(std::string_view host, std::string_view port)
{
    bool const bare = host.find(':') != std::string_view::npos && !host.starts_with('[');
    auto made = bare ? "[" + std::string(host) + "]" : std::string(host);
    return made.append(":").append(port);
}

result<host_port> split_listen(std::string_view text)
{
    return text.empty() ? host_port{} : split_address(text);
}

result<listen_address> resolve_listen(std::string_view text)
{
    auto const split = split_listen(text);
    if (!split)
        return split.error();
    auto const& parts = *split;

    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    auto const* host = parts.host.empty() ? nullptr : parts.host.c_str();
    auto const* port = parts.port.empty() ? "0" : parts.port.c_str();
    if (int const error = ::getaddrinfo(host, port, &hints, &found); error != 0) {
        if (error == EAI_SERVICE)
            return problem{500, "lookup tcp/" + parts.port + ": unknown port"};
        if (error == EAI_NONAME || error == EAI_NODATA)
            return problem{500, "lookup " + parts.host + ": no such host"};
        return problem{500, "lookup " + parts.host + ": " + ::gai_strerror(error)};
    }
    std::unique_ptr<addrinfo, void (*)(addrinfo*)> const owner(found, &::freeaddrinfo);
    auto const* chosen = found;
    for (auto const* each = found; each != nullptr; each = each->ai_next) {
        if (each->ai_family == AF_INET) {
            chosen = each;
            break;
        }
    }

    listen_address made;
    std::memcpy(made.where.data(), chosen->ai_addr, chosen->ai_addrlen);
    made.where.size = chosen->ai_addrlen;
    made.wildcard = is_wildcard(made.where);
    made.text = host == nullptr ? ":" + std::to_string(made.where.ip().port) : made.where.text();
    return made;
}

result<listening_socket> open_listener(listen_address const& at, std::chrono::seconds keep_alive)
{
    auto made = listen_on(at.wildcard ? dual_stack(at.where.ip().port) : at.where);
    if (at.wildcard && (made.error == EAFNOSUPPORT || made.error == EADDRNOTAVAIL)) {
        // A host without IPv6 still has all IPv4 addresses.
        made = listen_on(all_of_ipv4(at.where.ip().port));
    }
    if (!made.fd)
        return problem{500,
                       "listen tcp " + at.text + ": " + made.call + ": " + errno_text(made.error)};
    aconite::keep_alive(made.fd.get(), keep_alive);
    auto text = address::local_of(made.fd.get()).text();
    return listening_socket{std::move(made.fd), std::move(text)};
}

}  // namespace aconite
