// What bodies look like. The codec decides; a member that is added there is added here.
#include "api/openapi/schemas.hpp"

#include "api/json/codec.hpp"
#include "api/openapi/schema.hpp"

#include <string_view>
#include <vector>

namespace aconite::api {
namespace {

using namespace schema;

/// The protocols that there are, behind an empty name for none; those with settings as objects.
json protocol_of(toxic_registry const& types, std::string_view summary)
{
    std::vector<std::string_view> names{""};
    json all = json::array();
    for (auto const* each : types.protocols()) {
        if (each->settings.empty())
            names.push_back(each->name);
        else
            all.push_back(
                taken_strictly(members_of(each->settings), {each->settings.front().name}));
    }
    all.insert(all.begin(), one_of(summary, names));
    return {{"anyOf", std::move(all)}};
}

}  // namespace

json seen_brokers()
{
    return list_of(told({{"id", whole("its number in the cluster")},
                         {"listen", text("where clients reach it; empty while the proxy is "
                                         "disabled")},
                         {"upstream", text("where it is")}}));
}

namespace {

/// Where clients are told that brokers are, if the protocol tells of any.
json broker_settings_members()
{
    json const place{
        {"ports", text("of the brokers' listeners, as 19093-19192; empty: any free ones")},
        {"host", text("that clients are told; empty: where they reached the proxy")}};
    auto further = place;
    further["listen"] = text("an address in digits and a port");
    auto made = place;
    made["also"] = list_of(taken_strictly(further));
    return made;
}

json broker_settings_schema()
{
    auto members = broker_settings_members();
    members["seen"] = {{"description", "what the API tells of them; not looked at"}};
    return taken_strictly(members);
}

json proxy_config(toxic_registry const& types, api_options options)
{
    auto enabled = flag("whether it listens");
    enabled["default"] = true;
    auto upstream = text("`host:port`, resolved anew for each connection");
    upstream["minLength"] = 1;
    auto name = text("unique");
    name["minLength"] = 1;
    auto listen = text("`host:port`; port 0: any free one; empty: any, at every address");
    listen["default"] = "";
    json members{
        {"name", name},
        {"listen", listen},
        {"upstream", upstream},
        {"enabled", enabled},
        {"seed",
         whole("key of its toxics' random decisions, instead of the server's", 0, seed_max)},
        {"label", text("what its connections are called, for toxics that match by label")},
        {"protocol", protocol_of(types, "what its connections speak; empty: bytes, no more")},
    };
    members["brokers"] = broker_settings_schema();
    if (!options.ignore_body_toxics)
        members["toxics"] = list_of(named("ToxicConfig"));
    return taken(members, {"name", "upstream"});
}

json proxy_patch_schema(toxic_registry const& types)
{
    auto upstream = text("`host:port`");
    upstream["minLength"] = 1;
    return or_null(taken({
        {"listen", text("`host:port`")},
        {"upstream", upstream},
        {"enabled", flag("whether it listens; false closes its connections")},
        {"label", text("for connections that are opened from now on")},
        {"protocol", protocol_of(types, "another one closes all connections")},
        {"brokers", broker_settings_schema()},
        {"seed", whole("cannot be changed: the one that it has", 0, seed_max)},
    }));
}

json proxy()
{
    auto label = text("if it has one");
    label["minLength"] = 1;
    auto name_of_protocol = text("what its connections speak, if that is followed");
    name_of_protocol["minLength"] = 1;
    json protocol{{"anyOf", {name_of_protocol, {{"type", "object"}, {"minProperties", 1}}}}};
    return told({{"name", text("unique")},
                 {"listen", text("the socket's address, or as given if it never ran")},
                 {"upstream", text("as given")},
                 {"enabled", flag("whether it listens")},
                 {"toxics", list_of(named("Toxic"))}},
                {{"seed", whole("if it has one of its own", 0, seed_max)},
                 {"label", label},
                 {"protocol", protocol},
                 {"brokers", told({{"seen", seen_brokers()}}, broker_settings_members())}});
}

json connection_schema()
{
    auto label = text("its proxy's when it was opened, if there was one");
    label["minLength"] = 1;
    return told({{"id", whole("unique in the server")},
                 {"proxy", text("name of its proxy")},
                 {"ordinal", whole("its number in the proxy, from 0")},
                 {"client", text("`host:port`")},
                 {"upstream", text("`host:port`; empty while dialling")},
                 {"age_ms", whole("since it was accepted, in ms")},
                 {"received_bytes", told({{"upstream", whole("from the client")},
                                          {"downstream", whole("from the upstream")}})}},
                {{"label", label}});
}

json lease()
{
    auto id = text("what toxics name as their lease");
    id["pattern"] = "^[0-9a-f]{32}$";
    return told({{"id", id},
                 {"ttl", whole("it lives so long without being renewed, in ms", 1, time_ms_max)},
                 {"left", whole("of that, in ms", 0, time_ms_max)}});
}

json error_members()
{
    return {{"error", text("what is wrong, with the field and the bound")},
            {"status", whole("the same as the status of the answer", 400, 599)}};
}

json populate_error()
{
    auto members = error_members();
    members["proxies"] = or_null(list_of(named("Proxy")));
    return told(members);
}

json reconfigured()
{
    auto const names = list_of(text("of a proxy"));
    auto const failed = told({{"name", text("of the proxy")}, {"error", text("why")}});
    return {{"created", names},
            {"updated", names},
            {"removed", names},
            {"unchanged", names},
            {"failed", list_of(failed)}};
}

json reconfigure_error()
{
    auto members = reconfigured();
    members.update(error_members());
    return told(members);
}

json toxic_types()
{
    static constexpr std::string_view streams[] = {"upstream", "downstream", "both"};
    auto const rows = list_of(named("AttributeRow"));
    auto const type =
        told({{"name", text("its type")},
              {"summary", text("what it does")},
              {"streams", list_of(one_of("which it may act on", streams))},
              {"attributes", rows}},
             {{"protocol", text("that it needs its proxy to speak")}, {"match", rows}});
    return told({{"toxics", list_of(type)}, {"match", rows}, {"trigger", rows}});
}

json attribute_row()
{
    return told({{"name", text("of the member")},
                 {"kind", one_of("what it holds", attribute_kind_names)},
                 {"unit", text("empty: none")},
                 {"summary", text("one line")},
                 {"default", {{"description", "the value if none is given"}}}},
                {{"minimum", whole("of numbers", std::numeric_limits<std::int64_t>::min())},
                 {"maximum", whole("of numbers", std::numeric_limits<std::int64_t>::min())},
                 {"choices", list_of(text("what it may be or, of numbers, be called"))}});
}

}  // namespace

json all_schemas(toxic_registry const& types, api_options options)
{
    auto all = toxic_schemas(types);
    all["Proxy"] = proxy();
    all["ProxyConfig"] = proxy_config(types, options);
    all["ProxyConfigs"] = or_null(list_of(named("ProxyConfig")));
    all["ProxyPatch"] = proxy_patch_schema(types);
    all["Proxies"] = {{"type", "object"}, {"additionalProperties", named("Proxy")}};
    all["Populated"] = told({{"proxies", list_of(named("Proxy"))}});
    all["PopulateError"] = populate_error();
    all["Error"] = told(error_members());
    all["Version"] = told({{"version", text("x.y.z")}});
    if (!options.extras)
        return all;
    all.update(journal_schemas());
    all["Config"] = list_of(named("Proxy"));
    all["Reconfigured"] = told(reconfigured());
    all["ReconfigureError"] = reconfigure_error();
    all["Seed"] = told({{"seed", whole("key of the random decisions")}});
    all["Connections"] = list_of(connection_schema());
    all["Lease"] = lease();
    all["Leases"] = list_of(named("Lease"));
    all["LeaseConfig"] = taken(
        {{"ttl", whole("it lives so long without being renewed, in ms", 1, time_ms_max)}}, {"ttl"});
    all["ToxicTypes"] = toxic_types();
    all["AttributeRow"] = attribute_row();
    all["OpenApi"] = {{"type", "object"}, {"required", {"openapi", "info", "paths", "components"}}};
    return all;
}

}  // namespace aconite::api
