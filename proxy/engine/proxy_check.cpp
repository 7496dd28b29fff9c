#include "proxy/engine/proxy_check.hpp"

#include "proxy/engine/port_check.hpp"
#include "proxy/engine/toxic_check.hpp"
#include "proxy/net/address.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/port_range.hpp"
#include "proxy/pipeline/connection_match.hpp"

#include <aconite/engine.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace aconite {
namespace {

/// RFC 1035, 2.3.4.
constexpr std::size_t host_max = 255;
constexpr std::size_t further_max = 15;

result<void> check_place(std::string const& ports, std::string const& host)
{
    if (auto const range = port_range::parse(ports); !range)
        return range.error();
    if (host.size() > host_max || host.find_first_of(" /[]") != std::string::npos)
        return problem{400,
                       "'brokers.host' must be a name or an address without brackets and port, "
                       "of at most 255 characters, not '" +
                           host.substr(0, 60) + "'"};
    return {};
}

}  // namespace

problem missing(char const* field)
{
    return {400, std::string("missing required field: ") + field};
}

problem at_proxy(problem p, std::size_t index)
{
    p.text += " at proxy " + std::to_string(index + 1);
    return p;
}

result<void> check_brokers(broker_settings const& settings, protocol_type const* protocol)
{
    if (settings != broker_settings{} && (protocol == nullptr || !protocol->has_brokers))
        return problem{400, "'brokers' is for proxies whose protocol tells clients of brokers: "
                            "\"protocol\": \"kafka\", \"mongodb\" or \"redis\""};
    if (settings.also.size() > further_max)
        return problem{400, "'brokers.also' must be at most 15 further listeners"};
    if (auto const own = check_place(settings.ports, settings.host); !own)
        return own.error();
    for (auto const& each : settings.also) {
        if (auto const fits = check_place(each.ports, each.host); !fits)
            return fits.error();
        auto const parts = split_listen(each.listen);
        bool const in_digits = parts && parts->host.find('/') == std::string::npos &&
                               (parts->host.empty() || subnet::parse(parts->host).has_value());
        // Of a port that is any nobody would be told.
        if (!in_digits || number_in<std::uint16_t>(parts->port).value_or(0) == 0)
            return problem{400,
                           "'brokers.also.listen' must be an address in digits and a port from "
                           "1 to 65535, as 0.0.0.0:29092, not '" +
                               each.listen.substr(0, 60) + "'"};
    }
    return {};
}

result<std::vector<std::vector<toxic_entry>>>
check_proxies(toxic_registry const& known, std::vector<proxy_config> const& configs)
{
    std::vector<std::vector<toxic_entry>> all;
    for (auto const& config : configs) {
        if (config.name.empty())
            return at_proxy(missing("name"), all.size());
        if (config.upstream.empty())
            return at_proxy(missing("upstream"), all.size());
        auto const protocol = find_protocol(known, config.protocol, config.protocol_settings);
        if (!protocol)
            return at_proxy(protocol.error(), all.size());
        if (auto const fits = check_brokers(config.brokers, protocol->type); !fits)
            return at_proxy(fits.error(), all.size());
        auto toxics = check_toxics(known, config.toxics, protocol->type);
        if (!toxics)
            return at_proxy(toxics.error(), all.size());
        all.push_back(*std::move(toxics));
    }
    return all;
}

result<std::vector<std::vector<toxic_entry>>>
check_configuration(toxic_registry const& known, std::vector<proxy_config> const& configs)
{
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < configs.size(); ++i) {
        auto const& config = configs[i];
        if (!names.insert(config.name).second && !config.name.empty())
            return at_proxy({400, "'name' must be unique, and '" + config.name + "' is used twice"},
                            i);
    }
    if (auto const free = check_ports(configs); !free)
        return free.error();
    return check_proxies(known, configs);
}

result<void> check(toxic_registry const& types, std::vector<proxy_config> const& configs)
{
    auto const checked = check_configuration(types, configs);
    return checked ? result<void>() : checked.error();
}

}  // namespace aconite
