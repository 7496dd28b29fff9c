// The half of the codec that writes.
#include "api/json/codec.hpp"

namespace aconite::api {
json to_json(toxic_info const& toxic)
{
    json object = json::object();
    append_member(object, "name", toxic.name);
    append_member(object, "type", toxic.type);
    append_member(object, "stream", to_text(toxic.direction));
    append_member(object, "toxicity", shortest(toxic.toxicity));
    append_member(object, "attributes", to_json(toxic.attributes));
    append_aim(object, toxic.aim);
    if (toxic.effective_mode)
        append_member(object, "effective_mode", *toxic.effective_mode);
    if (!toxic.active)
        append_member(object, "active", false);
    return object;
}

json to_json(std::vector<toxic_info> const& toxics)
{
    json list = json::array();
    for (auto const& toxic : toxics)
        list.push_back(to_json(toxic));
    return list;
}

json to_json(std::vector<broker_info> const& brokers)
{
    json list = json::array();
    for (auto const& each : brokers)
        list.push_back({{"id", each.id}, {"listen", each.listen}, {"upstream", each.upstream}});
    return list;
}

json to_json(broker_settings const& settings, std::vector<broker_info> const& seen)
{
    json object = json::object();
    if (!settings.ports.empty())
        append_member(object, "ports", settings.ports);
    if (!settings.host.empty())
        append_member(object, "host", settings.host);
    json further = json::array();
    for (auto const& each : settings.also)
        further.push_back({{"listen", each.listen}, {"ports", each.ports}, {"host", each.host}});
    if (!further.empty())
        append_member(object, "also", std::move(further));
    append_member(object, "seen", to_json(seen));
    return object;
}

json to_json(proxy_info const& proxy)
{
    json object = json::object();
    append_member(object, "name", proxy.name);
    append_member(object, "listen", proxy.listen);
    append_member(object, "upstream", proxy.upstream);
    append_member(object, "enabled", proxy.enabled);
    append_member(object, "toxics", to_json(proxy.toxics));
    if (proxy.seed)
        append_member(object, "seed", *proxy.seed);
    if (!proxy.label.empty())
        append_member(object, "label", proxy.label);
    if (!proxy.protocol.empty())
        append_member(object, "protocol",
                      proxy.protocol_settings.empty() ? json(proxy.protocol)
                                                      : to_json(proxy.protocol_settings));
    if (proxy.brokers != broker_settings{} || !proxy.brokers_seen.empty())
        append_member(object, "brokers", to_json(proxy.brokers, proxy.brokers_seen));
    return object;
}

json to_json(std::vector<proxy_info> const& proxies)
{
    json list = json::array();
    for (auto const& proxy : proxies)
        list.push_back(to_json(proxy));
    return list;
}

json to_json(connection_info const& connection)
{
    json received = json::object();
    for (auto const direction : {stream::upstream, stream::downstream})
        received[std::string(to_text(direction))] =
            connection.received_bytes[static_cast<std::size_t>(direction)];
    json object{{"id", connection.id},
                {"proxy", connection.proxy},
                {"ordinal", connection.ordinal},
                {"client", connection.client},
                {"upstream", connection.upstream},
                {"age_ms", connection.age_ms},
                {"received_bytes", std::move(received)}};
    if (!connection.label.empty())
        object["label"] = connection.label;
    return object;
}

json to_json(problem const& p)
{
    return {{"error", p.text}, {"status", p.status}};
}

}  // namespace aconite::api
