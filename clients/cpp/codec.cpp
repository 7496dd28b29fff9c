#include "clients/cpp/codec.hpp"

#include "clients/cpp/aim_codec.hpp"

#include <charconv>
#include <iterator>
#include <string>

namespace aconite::client::codec {
using nlohmann::json;

stream to_stream(std::string const& text)
{
    switch (text.empty() ? 'd' : text.front()) {
    case 'u':
    case 'U':
        return stream::upstream;
    case 'b':
    case 'B':
        return stream::both;
    default:
        return stream::downstream;
    }
}

std::string dump(json const& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string reason(json::exception const& error)
{
    if (dynamic_cast<json::parse_error const*>(&error) != nullptr)
        return "it is not JSON";
    if (dynamic_cast<json::out_of_range const*>(&error) != nullptr)
        return "a member is missing";
    if (dynamic_cast<json::type_error const*>(&error) != nullptr)
        return "a member is of the wrong kind";
    std::string const text = error.what();  // ours, behind the name of the exception in brackets
    auto const bracket = text.find("] ");
    return bracket == text.npos ? text : text.substr(bracket + 2);
}

toxic_info to_toxic(json const& object)
{
    toxic_info toxic;
    toxic.name = object.at("name").get<std::string>();
    toxic.type = object.at("type").get<std::string>();
    toxic.direction = to_stream(object.at("stream").get<std::string>());
    toxic.toxicity = object.at("toxicity").get<float>();
    toxic.attributes = to_attributes(object.at("attributes"));
    toxic.aim = to_aim(object);
    toxic.active = object.value("active", true);
    if (auto const mode = object.find("effective_mode"); mode != object.end())
        toxic.effective_mode = mode->get<std::string>();
    return toxic;
}

std::vector<broker_info> to_brokers(json const& list)
{
    std::vector<broker_info> made;
    for (auto const& each : list)
        made.push_back({each.at("id").get<std::int64_t>(), each.at("listen").get<std::string>(),
                        each.at("upstream").get<std::string>()});
    return made;
}

proxy_info to_proxy(json const& object)
{
    proxy_info proxy;
    proxy.name = object.at("name").get<std::string>();
    proxy.listen = object.at("listen").get<std::string>();
    proxy.upstream = object.at("upstream").get<std::string>();
    proxy.enabled = object.at("enabled").get<bool>();
    if (auto const toxics = object.find("toxics"); toxics != object.end())
        for (auto const& toxic : *toxics)
            proxy.toxics.push_back(to_toxic(toxic));
    if (auto const seed = object.find("seed"); seed != object.end())
        proxy.seed = seed->get<std::uint64_t>();
    proxy.label = object.value("label", "");
    if (auto const protocol = object.find("protocol"); protocol != object.end()) {
        bool const named = protocol->is_string();
        proxy.protocol = named ? protocol->get<std::string>() : "frame";
        if (!named)
            proxy.protocol_settings = to_attributes(*protocol);
    }
    if (auto const brokers = object.find("brokers"); brokers != object.end()) {
        proxy.brokers = {brokers->value("ports", ""), brokers->value("host", "")};
        for (auto const& each : brokers->value("also", json::array()))
            proxy.brokers.also.push_back({each.at("listen").get<std::string>(),
                                          each.at("ports").get<std::string>(),
                                          each.at("host").get<std::string>()});
        proxy.brokers_seen = to_brokers(brokers->at("seen"));
    }
    return proxy;
}

json to_json(toxic_config const& config)
{
    auto out = json{{"type", config.type},
                    {"stream", to_text(config.direction)},
                    {"toxicity", shortest(config.toxicity)},
                    {"attributes", to_json(config.attributes)}};
    if (!config.name.empty())
        out["name"] = config.name;
    append_aim(out, config.aim);
    return out;
}

json to_json(toxic_patch const& patch)
{
    auto out = json{{"attributes", to_json(patch.attributes)}};
    if (patch.toxicity)
        out["toxicity"] = shortest(*patch.toxicity);
    append_aim(out, patch.aim);
    return out;
}

json to_json(broker_settings const& settings)
{
    auto out = json{{"ports", settings.ports}, {"host", settings.host}, {"also", json::array()}};
    for (auto const& each : settings.also)
        out["also"].push_back(
            {{"listen", each.listen}, {"ports", each.ports}, {"host", each.host}});
    return out;
}

/// Its name, or all that there is to say of it.
json protocol_json(std::string const& name, attribute_list const& settings)
{
    return settings.empty() ? json(name) : to_json(settings);
}

json to_json(proxy_config const& config)
{
    auto out = json{{"name", config.name},
                    {"listen", config.listen},
                    {"upstream", config.upstream},
                    {"enabled", config.enabled}};
    if (!config.toxics.empty()) {
        out["toxics"] = json::array();
        for (auto const& toxic : config.toxics)
            out["toxics"].push_back(to_json(toxic));
    }
    if (config.seed)
        out["seed"] = *config.seed;
    if (!config.label.empty())
        out["label"] = config.label;
    if (!config.protocol.empty())
        out["protocol"] = protocol_json(config.protocol, config.protocol_settings);
    if (config.brokers != broker_settings{})
        out["brokers"] = to_json(config.brokers);
    return out;
}

json to_json(proxy_patch const& patch)
{
    auto out = json::object();
    if (patch.listen)
        out["listen"] = *patch.listen;
    if (patch.upstream)
        out["upstream"] = *patch.upstream;
    if (patch.enabled)
        out["enabled"] = *patch.enabled;
    if (patch.label)
        out["label"] = *patch.label;
    if (patch.protocol)
        out["protocol"] = protocol_json(*patch.protocol, patch.protocol_settings);
    if (patch.brokers)
        out["brokers"] = to_json(*patch.brokers);
    return out;
}

lease_info to_lease(json const& object)
{
    return {object.at("id").get<std::string>(), object.at("ttl").get<std::int64_t>(),
            object.at("left").get<std::int64_t>()};
}

double shortest(float value)
{
    char digits[32];
    auto const end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    double read = value;
    std::from_chars(digits, end, read);
    return read;
}

}  // namespace aconite::client::codec
