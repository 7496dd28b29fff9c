#include "clients/cli/doctor/rings.hpp"

#include "clients/cpp/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace aconite::cli {
namespace {

/// A proxy by where it listens and where it leads.
struct stop {
    std::string name;
    client::url listen;
    client::url upstream;
};

/// One with all hosts as its host, where none is given.
result<client::url> place_of(std::string const& address)
{
    return client::parse_url(address.starts_with(':') ? "[::]" + address : address);
}

bool is_any_host(std::string_view host)
{
    return host == "::" || host == "0.0.0.0";
}

bool is_loopback(std::string_view host)
{
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

bool leads_to(stop const& from, stop const& to)
{
    auto const& upstream = from.upstream;
    auto const& listen = to.listen;
    if (upstream.port != listen.port)
        return false;
    bool const at_home = is_loopback(upstream.host) || is_any_host(upstream.host);
    if (is_any_host(listen.host))
        return at_home || upstream.host == listen.host;
    bool const by_name = upstream.host == "localhost" || is_any_host(upstream.host);
    return upstream.host == listen.host || (by_name && is_loopback(listen.host));
}

std::vector<stop> stops_of(nlohmann::json const& proxies)
{
    std::vector<stop> all;
    for (auto const& proxy : proxies) {
        auto const listen = place_of(proxy.at("listen").get<std::string>());
        auto const upstream = place_of(proxy.at("upstream").get<std::string>());
        if (proxy.at("enabled").get<bool>() && listen && upstream)
            all.push_back({proxy.at("name").get<std::string>(), *listen, *upstream});
    }
    return all;
}

/// The way from `first` back to it; empty if there is none.
std::vector<stop const*> way_round(std::vector<stop> const& all, stop const& first)
{
    std::vector<stop const*> way{&first};
    while (way.size() <= all.size()) {
        auto const next = std::ranges::find_if(
            all, [&](stop const& each) { return leads_to(*way.back(), each); });
        if (next == all.end())
            break;
        if (&*next == &first)
            return way;
        way.push_back(&*next);
    }
    return {};
}

}  // namespace

findings find_rings(nlohmann::json const& proxies, std::vector<std::string> const& chosen)
{
    auto const all = stops_of(proxies);
    auto const is_chosen = [&](stop const* one) {
        return chosen.empty() || std::ranges::find(chosen, one->name) != chosen.end();
    };
    findings found;
    for (auto const& first : all) {
        auto const way = way_round(all, first);
        // Each ring once: at the first of its proxies.
        if (way.empty() || std::ranges::min(way) != &first || std::ranges::none_of(way, is_chosen))
            continue;
        std::string text;
        for (auto const* each : way)
            text += each->name + " -> ";
        found.push_back({"ring at " + first.name, grade::problem,
                         text + first.name + ": no connection gets anywhere",
                         "give one of them another upstream"});
    }
    return found;
}

}  // namespace aconite::cli
