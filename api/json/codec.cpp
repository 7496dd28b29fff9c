#include "api/json/codec.hpp"

#include "proxy/net/letters.hpp"

#include <aconite/engine.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace aconite::api {
namespace {

constexpr char bad_stream[] = "stream was invalid, can be either upstream or downstream";

result<attribute_list> read_attributes(json const* attributes, std::string_view pointer,
                                       toxic_type const& type, ignored_members& ignored)
{
    if (attributes == nullptr)
        return attribute_list{};
    object_reader in(*attributes, pointer_to(pointer, "attributes"));
    auto list = read_values(in, type.attributes);
    if (auto const fault = type.lenient ? in.finish(ignored) : in.finish_strictly())
        return *fault;
    return list;
}

problem at_toxic(problem p, std::size_t index)
{
    p.text += fmt::format(" at toxic {}", index + 1);
    return p;
}

/// One of the toxics of a proxy; `before` are those that come before it.
result<toxic_config> read_listed_toxic(toxic_draft draft, std::vector<toxic_config> const& before,
                                       toxic_registry const& types, ignored_members& ignored)
{
    auto const* type = types.find(draft.config.type);
    if (type == nullptr)
        return at_toxic({400, "invalid toxic type"}, before.size());
    draft.config.name = name_of(draft.config, *type);
    if (std::ranges::find(before, draft.config.name, &toxic_config::name) != before.end())
        return at_toxic({409, "toxic already exists"}, before.size());
    auto config = finish_toxic(std::move(draft), *type, ignored);
    if (!config)
        return config.error();
    // What the engine would say, said here to name the position.
    if (auto const fits = aconite::check(types, *config); !fits)
        return at_toxic(fits.error(), before.size());
    return config;
}

result<std::vector<toxic_config>> read_toxics(json const& list, std::string const& pointer,
                                              toxic_registry const& types, ignored_members& ignored)
{
    std::vector<toxic_config> toxics;
    for (auto const& entry : list) {
        auto draft =
            decode_toxic(entry, pointer_to(pointer, std::to_string(toxics.size())), ignored);
        if (!draft)
            return draft.error().text == bad_stream ? at_toxic(draft.error(), toxics.size())
                                                    : draft.error();
        auto toxic = read_listed_toxic(*std::move(draft), toxics, types, ignored);
        if (!toxic)
            return toxic.error();
        toxics.push_back(*std::move(toxic));
    }
    return toxics;
}

result<further_listener> read_further(json const& value, std::string pointer)
{
    object_reader in(value, std::move(pointer));
    further_listener made{in.text("listen").value_or(""), in.text("ports").value_or(""),
                          in.text("host").value_or("")};
    if (auto const fault = in.finish_strictly())
        return *fault;
    return made;
}

/// The one protocol that is an object of its settings, and the one of them that has to be there.
constexpr char protocol_of_settings[] = "frame";

/// A protocol's name, and what there is to say of it; what that may be the engine knows.
struct protocol_draft {
    std::string name;
    attribute_list settings;
};

result<protocol_draft> read_named(json const& value, std::string const& pointer)
{
    if (value.is_string())
        return protocol_draft{value.get<std::string>(), {}};
    protocol_draft made{protocol_of_settings, {}};
    auto const at = pointer_to(pointer, "protocol");
    object_reader in(value, at);
    for (auto const& [name, member] : value.items()) {
        if (member.is_null()) {
            in.skip(name);
        } else if (member.is_number()) {
            if (auto const number = in.integer(name))
                made.settings.emplace_back(name, *number);
        } else if (auto text = in.text(name)) {
            made.settings.emplace_back(name, *std::move(text));
        }
    }
    if (auto const fault = in.finish_strictly())
        return *fault;
    if (std::ranges::find(made.settings, protocol_of_settings,
                          &attribute_list::value_type::first) == made.settings.end())
        return bad_body(at + " must name frames, as {\"frame\": \"length\"}");
    return made;
}

/// Into a proxy's configuration or patch, which stays as it is if there is none.
template <class Proxy>
result<void> read_protocol(json const* value, std::string const& pointer, Proxy& proxy)
{
    if (value == nullptr)
        return {};
    auto spoken = read_named(*value, pointer);
    if (!spoken)
        return spoken.error();
    proxy.protocol = std::move(spoken->name);
    proxy.protocol_settings = std::move(spoken->settings);
    return {};
}

/// None if it is not there.
result<std::optional<broker_settings>> read_brokers(json const* value, std::string_view pointer)
{
    if (value == nullptr)
        return {boost::system::in_place_value, std::nullopt};
    object_reader in(*value, pointer_to(pointer, "brokers"));
    broker_settings made{in.text("ports").value_or(""), in.text("host").value_or("")};
    auto const* const also = in.array("also");
    // Clients send back the whole object that they were given.
    in.skip("seen");
    if (auto const fault = in.finish_strictly())
        return *fault;
    for (std::size_t i = 0; also != nullptr && i < also->size(); ++i) {
        auto further = read_further(
            (*also)[i], pointer_to(pointer_to(in.pointer(), "also"), std::to_string(i)));
        if (!further)
            return further.error();
        made.also.push_back(*std::move(further));
    }
    return {boost::system::in_place_value, std::move(made)};
}

result<proxy_config> read_proxy(json const& value, std::string pointer,
                                decode_options const& options, ignored_members& ignored)
{
    object_reader in(value, std::move(pointer));
    proxy_config config;
    config.name = in.text("name").value_or("");
    config.listen = in.text("listen").value_or("");
    config.upstream = in.text("upstream").value_or("");
    config.enabled = in.flag("enabled").value_or(true);
    config.label = in.text("label").value_or("");
    auto const* const protocol = in.text_or_object("protocol");
    auto const* const brokers = in.object("brokers");
    auto const seed = in.integer("seed");
    json const* toxics = nullptr;
    if (options.ignore_toxics)
        in.skip("toxics");
    else
        toxics = in.array("toxics");
    if (auto const fault = in.finish(ignored))
        return *fault;
    auto const checked = decode_seed(seed, in.pointer());
    if (!checked)
        return checked.error();
    config.seed = *checked;
    if (auto const spoken = read_protocol(protocol, in.pointer(), config); !spoken)
        return spoken.error();
    auto settings = read_brokers(brokers, in.pointer());
    if (!settings)
        return settings.error();
    config.brokers = settings->value_or(broker_settings{});
    if (toxics == nullptr)
        return config;
    auto decoded =
        read_toxics(*toxics, pointer_to(in.pointer(), "toxics"), options.toxic_types, ignored);
    if (!decoded)
        return decoded.error();
    config.toxics = *std::move(decoded);
    return config;
}

}  // namespace

result<json> parse_body(std::string_view body)
{
    auto parsed = parse_first_value(body);
    if (parsed.fault)
        return bad_body(parsed.fault->text);
    return result<json>(boost::system::in_place_value, std::move(parsed.value));
}

result<proxy_config> decode_proxy(json const& value, decode_options const& options,
                                  ignored_members& ignored)
{
    return read_proxy(value, "", options, ignored);
}

result<std::vector<proxy_config>> decode_proxies(json const& value, decode_options const& options,
                                                 ignored_members& ignored)
{
    std::vector<proxy_config> list;
    if (value.is_null())
        return list;
    if (!value.is_array())
        return wrong_type("", "an array", value);
    for (auto const& entry : value) {
        auto const position = list.size();
        auto config = read_proxy(entry, pointer_to("", std::to_string(position)), options, ignored);
        if (!config) {
            auto fault = config.error();
            if (fault.text.find(" at toxic ") != std::string::npos)
                fault.text += fmt::format(" of proxy {}", position + 1);
            return fault;
        }
        list.push_back(*std::move(config));
    }
    return list;
}

result<proxy_patch> decode_proxy_patch(json const& value, ignored_members& ignored)
{
    object_reader in(value, "");
    proxy_patch patch;
    patch.listen = in.text("listen");
    patch.upstream = in.text("upstream");
    patch.enabled = in.flag("enabled");
    patch.label = in.text("label");
    auto const* const protocol = in.text_or_object("protocol");
    auto const* const brokers = in.object("brokers");
    // Clients send back the whole object that they were given.
    in.skip("name");
    in.skip("toxics");
    auto const given = in.integer("seed");
    if (auto const fault = in.finish(ignored))
        return *fault;
    auto const seed = decode_seed(given, "");
    if (!seed)
        return seed.error();
    patch.seed = *seed;
    if (auto const spoken = read_protocol(protocol, "", patch); !spoken)
        return spoken.error();
    auto settings = read_brokers(brokers, "");
    if (!settings)
        return settings.error();
    patch.brokers = *std::move(settings);
    return patch;
}

result<toxic_draft> decode_toxic(json const& value, std::string pointer, ignored_members& ignored)
{
    object_reader in(value, std::move(pointer));
    toxic_draft draft;
    draft.config.name = in.text("name").value_or("");
    draft.config.type = in.text("type").value_or("");
    draft.config.toxicity = in.number("toxicity").value_or(1.0F);
    draft.attributes = in.object("attributes");
    draft.aim = read_aim(in);
    draft.pointer = in.pointer();
    auto const direction = in.text("stream").value_or("downstream");
    in.skip("effective_mode");
    if (auto const fault = in.finish(ignored))
        return *fault;
    if (same_name(direction, to_text(stream::upstream)))
        draft.config.direction = stream::upstream;
    else if (same_name(direction, to_text(stream::both)))
        draft.config.direction = stream::both;
    else if (!same_name(direction, to_text(stream::downstream)))
        return problem{400, bad_stream};
    return draft;
}

result<toxic_config> finish_toxic(toxic_draft draft, toxic_type const& type,
                                  ignored_members& ignored)
{
    auto attributes = read_attributes(draft.attributes, draft.pointer, type, ignored);
    if (!attributes)
        return attributes.error();
    auto aim = decode_aim(draft.aim, type);
    if (!aim)
        return aim.error();
    draft.config.attributes = *std::move(attributes);
    draft.config.aim = *std::move(aim);
    return std::move(draft.config);
}

result<toxic_patch> decode_toxic_patch(json const& value, toxic_type const& type,
                                       ignored_members& ignored)
{
    object_reader in(value, "");
    toxic_patch patch;
    patch.toxicity = in.number("toxicity");
    auto const* attributes = in.object("attributes");
    auto const draft = read_aim(in);
    for (auto const* unchangeable : {"name", "type", "stream", "effective_mode"})
        in.skip(unchangeable);
    if (auto const fault = in.finish(ignored))
        return *fault;
    auto list = read_attributes(attributes, "", type, ignored);
    if (!list)
        return list.error();
    auto aim = decode_aim(draft, type);
    if (!aim)
        return aim.error();
    patch.attributes = *std::move(list);
    patch.aim = *std::move(aim);
    return patch;
}

}  // namespace aconite::api
