#include "api/codec.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace aconite::api {
namespace {

constexpr char bad_stream[] = "stream was invalid, can be either upstream or downstream";

std::optional<attribute_value> read_attribute(object_reader& in, attribute const& row)
{
    switch (row.kind) {
    case attribute_kind::number:
        return in.real(row.name);
    case attribute_kind::choice:
        return in.text(row.name);
    case attribute_kind::numbers:
        return in.numbers(row.name);
    default:
        return in.integer(row.name);
    }
}

result<attribute_list> read_attributes(json const* attributes, std::string_view pointer,
                                       toxic_type const& type, ignored_members& ignored)
{
    attribute_list list;
    if (attributes == nullptr)
        return list;
    object_reader in(*attributes, pointer_to(pointer, "attributes"));
    for (auto const& row : type.attributes)
        if (auto value = read_attribute(in, row))
            list.emplace_back(row.name, *std::move(value));
    if (auto const fault = in.finish(ignored))
        return *fault;
    return list;
}

/// What the engine would say, said here to name the position.
result<void> check(toxic_config const& config, toxic_type const& type)
{
    attribute_values values(type.attributes);
    for (auto const& [name, value] : config.attributes)
        if (auto const set = values.set(name, value); !set)
            return set.error();
    if (type.check != nullptr)
        return type.check(values);
    return {};
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
    if (draft.config.name.empty())
        draft.config.name = fmt::format("{}_{}", type->name, to_text(draft.config.direction));
    if (std::ranges::find(before, draft.config.name, &toxic_config::name) != before.end())
        return at_toxic({409, "toxic already exists"}, before.size());
    auto attributes = decode_attributes(draft, *type, ignored);
    if (!attributes)
        return attributes.error();
    draft.config.attributes = *std::move(attributes);
    if (auto const fits = check(draft.config, *type); !fits)
        return at_toxic(fits.error(), before.size());
    return std::move(draft.config);
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

result<proxy_config> read_proxy(json const& value, std::string pointer,
                                decode_options const& options, ignored_members& ignored)
{
    object_reader in(value, std::move(pointer));
    proxy_config config;
    config.name = in.text("name").value_or("");
    config.listen = in.text("listen").value_or("");
    config.upstream = in.text("upstream").value_or("");
    config.enabled = in.flag("enabled").value_or(true);
    json const* toxics = nullptr;
    if (options.ignore_toxics)
        in.skip("toxics");
    else
        toxics = in.array("toxics");
    if (auto const fault = in.finish(ignored))
        return *fault;
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
    // Clients send back the whole object that they were given.
    in.skip("name");
    in.skip("toxics");
    if (auto const fault = in.finish(ignored))
        return *fault;
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
    draft.pointer = in.pointer();
    auto const direction = in.text("stream").value_or("downstream");
    if (auto const fault = in.finish(ignored))
        return *fault;
    if (same_name(direction, to_text(stream::upstream)))
        draft.config.direction = stream::upstream;
    else if (!same_name(direction, to_text(stream::downstream)))
        return problem{400, bad_stream};
    return draft;
}

result<attribute_list> decode_attributes(toxic_draft const& draft, toxic_type const& type,
                                         ignored_members& ignored)
{
    return read_attributes(draft.attributes, draft.pointer, type, ignored);
}

result<toxic_patch> decode_toxic_patch(json const& value, toxic_type const& type,
                                       ignored_members& ignored)
{
    object_reader in(value, "");
    toxic_patch patch;
    patch.toxicity = in.number("toxicity");
    auto const* attributes = in.object("attributes");
    for (auto const* unchangeable : {"name", "type", "stream"})
        in.skip(unchangeable);
    if (auto const fault = in.finish(ignored))
        return *fault;
    auto list = read_attributes(attributes, "", type, ignored);
    if (!list)
        return list.error();
    patch.attributes = *std::move(list);
    return patch;
}

}  // namespace aconite::api
