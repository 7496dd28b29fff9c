#pragma once

#include <aconite/problem.hpp>

#include "proxy/loop/unique_fd.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace aconite {

/// An IP address, IPv4 mapped into IPv6, and a port. A small plain value.
struct ip_endpoint {
    in6_addr host{};
    std::uint16_t port = 0;

    /// "127.0.0.1:80" or "[::1]:80".
    [[nodiscard]] std::string text() const;

    friend std::strong_ordering operator<=>(ip_endpoint const& a, ip_endpoint const& b)
    {
        auto const hosts = std::memcmp(&a.host, &b.host, sizeof a.host) <=> 0;
        return hosts != 0 ? hosts : a.port <=> b.port;
    }
};

/// A socket address of IPv4, IPv6 or none. A plain value.
struct address {
    union {
        sockaddr_in6 in6;
        sockaddr_in in;
        sockaddr any;
    } storage{};
    socklen_t size = 0;

    [[nodiscard]] sockaddr* data() { return &storage.any; }
    [[nodiscard]] sockaddr const* data() const { return &storage.any; }
    [[nodiscard]] int family() const { return storage.any.sa_family; }
    /// `[::]:0` if it is of another family.
    [[nodiscard]] ip_endpoint ip() const;
    /// "127.0.0.1:80" or "[::1]:80"; empty if it is of another family.
    [[nodiscard]] std::string text() const;

    friend bool operator==(address const& a, address const& b)
    {
        return a.size == b.size && std::memcmp(&a.storage, &b.storage, a.size) == 0;
    }

    /// The remote or the local end of a socket; empty if it has none any more.
    static address peer_of(int fd);
    static address local_of(int fd);
};

/// The two halves of "host:port"; an IPv6 host stands in brackets in the text, not here.
struct host_port {
    std::string host;
    std::string port;
};

/// Splits "host:port" by the rules, and with the error texts, of Go's net package:
/// `address X: missing port in address`.
result<host_port> split_host_port(std::string_view text);

/// The way back; an IPv6 host may come with its brackets or without.
std::string join_host_port(std::string_view host, std::string_view port);

/// Whether `text` can be a port: a number up to 65535, nothing, which is 0, or the name of a
/// service, which has a letter in it.
bool is_port(std::string_view text);

/// As `split_host_port`, for what is to be looked up: 500 as well for a port that cannot be one
/// (`address 70000: invalid port`) and a host that getaddrinfo would take for another.
result<host_port> split_address(std::string_view text);

/// The same for an address to listen on: an empty text is all addresses and any port.
result<host_port> split_listen(std::string_view text);

/// A listen address with its name looked up.
struct listen_address {
    /// Comparable text: "127.0.0.1:80", and ":80" where no host was given.
    std::string text;
    address where;
    /// No host, 0.0.0.0 or [::]: one socket for both families.
    bool wildcard = false;
};

/// Looks up what to listen on; IPv4 first. Waits for a name server if the host is a name
/// that /etc/hosts does not know. 500 with Go's texts (`address X: invalid port`, `lookup X: no
/// such host`).
result<listen_address> resolve_listen(std::string_view text);

/// A listening socket and its real address as text.
struct listening_socket {
    unique_fd fd;
    std::string text;
};

/// Binds and listens: non-blocking, SO_REUSEADDR; accepted sockets inherit TCP_NODELAY and
/// `keep_alive`. The port stays the socket's own when it stops listening. 500 `listen tcp A: bind:
/// address already in use` and the like.
result<listening_socket> open_listener(listen_address const& at, std::chrono::seconds keep_alive);

/// Where this host reaches a listening socket that is bound to `where`: for all addresses the
/// loopback.
address reachable(address where);

/// errno as Go words it: lower case.
std::string errno_text(int error);

}  // namespace aconite
