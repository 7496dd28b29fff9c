#include "proxy/forwarding/broker_book.hpp"

#include <algorithm>
#include <utility>

namespace aconite {
namespace {

std::string text_of(server_place const& place)
{
    return join_host_port(place.host, std::to_string(place.port));
}

bool is_loopback(std::string_view host)
{
    return host == "localhost" || host.starts_with("127.") || host == "::1";
}

/// Any, where it is none: settings were checked before.
port_range checked_range(std::string_view text)
{
    auto const parsed = port_range::parse(text);
    return parsed ? *parsed : port_range{};
}

listen_address with_port(listen_address at, std::uint16_t port)
{
    (at.where.family() == AF_INET ? at.where.storage.in.sin_port : at.where.storage.in6.sin6_port) =
        htons(port);
    at.text = at.where.text();
    return at;
}

}  // namespace

broker_book::broker_book(std::string_view ports, std::string host, std::chrono::seconds keep_alive,
                         std::shared_ptr<server_numbers> numbers)
    : host_(std::move(host)),
      ports_(checked_range(ports)),
      keep_alive_(keep_alive),
      numbers_(std::move(numbers))
{}

void broker_book::open(listen_address at, opener with)
{
    std::lock_guard const hold(lock_);
    at_ = std::move(at);
    with_ = std::move(with);
    for (auto& [broker, which] : brokers_)
        listen_for(broker, which);
}

void broker_book::close()
{
    std::lock_guard const hold(lock_);
    with_.reset();
    for (auto& [broker, which] : brokers_)
        which.listen.clear();
}

std::optional<server_place> broker_book::place_of(std::optional<std::int64_t> broker,
                                                  server_place const& there,
                                                  std::string const& reached)
{
    std::lock_guard const hold(lock_);
    if (!with_)
        return std::nullopt;
    if (is_ours(there, reached))
        return there;
    auto const number = broker ? broker : numbers_->of(there);
    return number ? place_in(*number, there, reached) : std::nullopt;
}

std::optional<server_place> broker_book::place_in(std::int64_t broker, server_place const& there,
                                                  std::string const& reached)
{
    auto found = brokers_.find(broker);
    if (found == brokers_.end()) {
        if (brokers_.size() >= brokers_max)
            return std::nullopt;
        found = brokers_.emplace(broker, known{there}).first;
    }
    auto& which = found->second;
    if (which.there != there) {
        which.there = there;
        if (!which.listen.empty()) {
            with_->redirect(broker, which.listen, text_of(there));
            with_->tell("broker " + std::to_string(broker) + " is at " + text_of(there) + " now");
        }
    }
    if (which.listen.empty() && !listen_for(broker, which))
        return std::nullopt;
    return server_place{host_.empty() ? reached : host_, which.port};
}

/// Whether a broker says that it is where the proxy listens: `advertised.listeners` was set for it.
bool broker_book::is_ours(server_place const& there, std::string const& reached) const
{
    auto const here = at_.where.ip();
    auto const host_here = split_host_port(at_.where.text());
    if (there.port != here.port || !host_here)
        return false;
    if (there.host == reached || there.host == host_ || there.host == host_here->host)
        return true;
    return is_loopback(there.host) && (at_.wildcard || is_loopback(host_here->host));
}

bool broker_book::listen_for(std::int64_t broker, known& which)
{
    auto socket = bind(which);
    auto const name = "broker " + std::to_string(broker) + " at " + text_of(which.there);
    if (!socket) {
        if (!std::exchange(which.told, true))
            with_->tell(name + " cannot be kept inside: " + socket.error().text);
        return false;
    }
    which.port = address::local_of(socket->fd.get()).ip().port;
    which.listen = socket->text;
    which.told = false;
    with_->listen(broker, *std::move(socket), text_of(which.there));
    with_->tell(name + " is reached at " + which.listen);
    return true;
}

/// A broker keeps its port; a new one gets the first of the range that nobody has.
result<listening_socket> broker_book::bind(known const& which) const
{
    if (which.port != 0 || ports_.any())
        return open_listener(with_port(at_, which.port), keep_alive_);
    result<listening_socket> last =
        problem{500, "all ports from " + std::to_string(ports_.first) + " to " +
                         std::to_string(ports_.last) + " are taken"};
    for (unsigned port = ports_.first; port <= ports_.last; ++port) {
        auto const taken = std::ranges::any_of(
            brokers_, [&](auto const& each) { return each.second.port == port; });
        if (taken)
            continue;
        auto made = open_listener(with_port(at_, static_cast<std::uint16_t>(port)), keep_alive_);
        if (made)
            return made;
        last = std::move(made);
    }
    return last;
}

std::vector<broker_info> broker_book::brokers() const
{
    std::lock_guard const hold(lock_);
    std::vector<broker_info> all;
    for (auto const& [broker, which] : brokers_)
        all.push_back({broker, which.listen, text_of(which.there)});
    return all;
}

}  // namespace aconite
