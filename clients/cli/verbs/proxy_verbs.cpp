#include "clients/cli/verbs/proxy_verbs.hpp"

#include "clients/cli/line/asking.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <string>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// A protocol's name, or a JSON object of its settings.
json protocol_json(std::string const& typed)
{
    if (typed.find('{') == std::string::npos)
        return typed;
    auto read = json::parse(typed, nullptr, false);
    if (!read.is_object())
        fail("--protocol must be a name, or one object of JSON, not '" + typed + "'.");
    return read;
}

}  // namespace

outcome list_proxies(command const& asked, identity const& self, style how)
{
    client::server const server(server_of(asked, self));
    auto const proxies = ask(server, "Failed to retrieve proxies: ", "GET", "/proxies");
    if (asked.for_scripts())
        return {0, to_text(proxies), ""};
    // Toxiproxy has none, nor has a server without extras.
    auto const stats =
        self.drop_in ? result<std::string>(problem{}) : server.request("GET", "/stats");
    return {0, format_proxies(proxies, stats ? json::parse(*stats) : json(), how), ""};
}

outcome inspect_proxy(command const& asked, identity const& self, style how)
{
    client::server const server(server_of(asked, self));
    auto const proxy = ask(server, fmt::format("Failed to retrieve proxy {}: ", asked.proxy), "GET",
                           client::proxy_path(asked.proxy));
    return {0, asked.for_scripts() ? to_text(proxy) : format_proxy(proxy, how), ""};
}

outcome create_proxy(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    require_flag(asked, asked.listen, "listen");
    require_flag(asked, asked.upstream, "upstream");
    auto body = json{{"name", asked.proxy},
                     {"listen", asked.listen},
                     {"upstream", asked.upstream},
                     {"enabled", !asked.disabled}};
    append_seed(asked, body);
    if (!asked.label.empty())
        body["label"] = asked.label;
    if (!asked.protocol.empty())
        body["protocol"] = protocol_json(asked.protocol);
    if (!asked.broker_ports.empty() || !asked.broker_host.empty())
        body["brokers"] = {{"ports", asked.broker_ports}, {"host", asked.broker_host}};
    auto const proxy = ask(server, "Failed to create proxy: Create: ", "POST", "/proxies", body);
    return say(asked, "Created new proxy " + printable(asked.proxy), proxy);
}

outcome toggle_proxy(command const& asked, identity const& self, style how)
{
    client::server const server(server_of(asked, self));
    auto const path = client::proxy_path(asked.proxy);
    auto const before =
        ask(server, fmt::format("Failed to retrieve proxy {}: ", asked.proxy), "GET", path);
    // POST, not PATCH: servers older than 2.6 know only this.
    auto const after = ask(server, fmt::format("Failed to toggle proxy {}: ", asked.proxy), "POST",
                           path, {{"enabled", !before.at("enabled").get<bool>()}});
    auto const enabled = after.at("enabled").get<bool>();
    return say(asked,
               fmt::format("Proxy {} is now {}", coloured(enabled, printable(asked.proxy), how),
                           coloured(enabled, enabled ? "enabled" : "disabled", how)),
               after);
}

outcome delete_proxy(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    auto const path = client::proxy_path(asked.proxy);
    ask(server, fmt::format("Failed to retrieve proxy {}: ", asked.proxy), "GET", path);
    ask(server, "Failed to delete proxy: Delete: ", "DELETE", path);
    return say(asked, "Deleted proxy " + printable(asked.proxy), {{"deleted", asked.proxy}});
}

outcome reset_proxies(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    ask(server, "Failed to reset: ", "POST", "/reset");
    return say(asked, "Enabled every proxy and removed all toxics", {{"reset", true}});
}

}  // namespace aconite::cli
