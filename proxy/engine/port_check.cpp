#include "proxy/engine/port_check.hpp"

#include "proxy/engine/proxy_check.hpp"
#include "proxy/net/address.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace aconite {
namespace {

/// 0 for any port.
result<std::uint16_t> port_of(std::string const& listen)
{
    auto const parts = split_listen(listen);
    if (!parts)
        return parts.error();
    auto const alone = resolve_listen(":" + parts->port);  // asks nobody but /etc/services
    if (!alone)
        return alone.error();
    return {boost::system::in_place_value, alone->where.ip().port};
}

bool in_the_way(result<listen_address> const& a, result<listen_address> const& b)
{
    return a && b && (a->wildcard || b->wildcard || a->where == b->where);
}

problem both_at(proxy_config const& a, proxy_config const& b, std::uint16_t port)
{
    return {400, "'listen' must not be that of another enabled proxy: '" + a.name + "' (" +
                     a.listen + ") and '" + b.name + "' (" + b.listen + ") both want port " +
                     std::to_string(port)};
}

}  // namespace

result<void> check_ports(std::vector<proxy_config> const& configs)
{
    std::map<std::uint16_t, std::vector<std::size_t>> by_port;
    for (std::size_t i = 0; i < configs.size(); ++i) {
        if (!configs[i].enabled)
            continue;
        auto const port = port_of(configs[i].listen);
        if (!port)
            return at_proxy({400, "'listen' must be host:port: " + port.error().text}, i);
        if (*port != 0)
            by_port[*port].push_back(i);
    }
    for (auto const& [port, entries] : by_port) {
        std::vector<result<listen_address>> at;
        for (std::size_t i = 0; entries.size() > 1 && i < entries.size(); ++i) {
            auto const& config = configs[entries[i]];
            auto const here = resolve_listen(config.listen);
            for (std::size_t j = 0; j < i; ++j)
                if (in_the_way(at[j], here))
                    return at_proxy(both_at(configs[entries[j]], config, port), entries[i]);
            at.push_back(here);
        }
    }
    return {};
}

}  // namespace aconite
