#include "clients/cpp/codec.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <variant>

namespace aconite::client::codec {
namespace {

using nlohmann::json;

/// Upper case is what some clients create toxics with, and the server echoes it.
stream to_stream(std::string const& text)
{
    return text.starts_with('u') || text.starts_with('U') ? stream::upstream : stream::downstream;
}

struct encoder {
    json operator()(named_numbers const& numbers) const
    {
        auto out = json::object();
        for (auto const& [name, number] : numbers)
            out[name] = number;
        return out;
    }
    json operator()(auto const& one) const { return one; }
};

json to_json(attribute_list const& attributes)
{
    auto out = json::object();
    for (auto const& [name, value] : attributes)
        out[name] = std::visit(encoder{}, value);
    return out;
}

/// None if no attribute can hold it.
std::optional<attribute_value> to_attribute(json const& value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    if (!value.is_object())
        return std::nullopt;
    named_numbers numbers;
    for (auto const& [name, number] : value.items())
        if (number.is_number())
            numbers.emplace_back(name, number.get<double>());
    return numbers;
}

}  // namespace

std::string dump(json const& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

toxic_info to_toxic(json const& object)
{
    toxic_info toxic;
    toxic.name = object.at("name").get<std::string>();
    toxic.type = object.at("type").get<std::string>();
    toxic.direction = to_stream(object.at("stream").get<std::string>());
    toxic.toxicity = object.at("toxicity").get<float>();
    for (auto const& [name, value] : object.at("attributes").items())
        if (auto held = to_attribute(value))
            toxic.attributes.emplace_back(name, *std::move(held));
    if (auto const mode = object.find("effective_mode"); mode != object.end())
        toxic.effective_mode = mode->get<std::string>();
    return toxic;
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
    return proxy;
}

json to_json(toxic_config const& config)
{
    auto out = json{{"type", config.type},
                    {"stream", config.direction == stream::upstream ? "upstream" : "downstream"},
                    {"toxicity", shortest(config.toxicity)},
                    {"attributes", to_json(config.attributes)}};
    if (!config.name.empty())
        out["name"] = config.name;
    return out;
}

json to_json(toxic_patch const& patch)
{
    auto out = json{{"attributes", to_json(patch.attributes)}};
    if (patch.toxicity)
        out["toxicity"] = shortest(*patch.toxicity);
    return out;
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
    return out;
}

double shortest(float value)
{
    return std::isfinite(value) ? std::stod(fmt::format("{}", value)) : double{value};
}

}  // namespace aconite::client::codec
