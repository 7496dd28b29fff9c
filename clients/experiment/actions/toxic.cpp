// toxic and preset: any toxic of any server, in the words of its REST API.
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/actions/toxics.hpp"
#include "clients/experiment/values/suggestion.hpp"
#include "clients/experiment/values/units.hpp"

#include <aconite/text.hpp>
#include <aconite/toxic_type.hpp>

#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 3> stream_names{"upstream", "downstream", "both"};

constexpr field attributes_field{.name = "attributes",
                                 .type = field_type::object,
                                 .about = "as the REST API takes them; times may have a unit"};
constexpr field toxicity_field{.name = "toxicity",
                               .type = field_type::share,
                               .about = "share of the connections that it acts on. Default: all",
                               .maximum = 1};
constexpr field match_field{.name = "match",
                            .type = field_type::object,
                            .about = "which connections or operations, as the REST API takes it"};
constexpr field trigger_field{.name = "trigger",
                              .type = field_type::object,
                              .about = "when it acts there, as the REST API takes it"};
constexpr field schedule_field{
    .name = "schedule", .type = field_type::any, .about = "steps that add, update and remove it"};
constexpr field name_field{.name = "name",
                           .type = field_type::text,
                           .about = "its name on the proxy. Default: experiment-TYPE-NUMBER"};
constexpr field ttl_field{.name = "ttl",
                          .type = field_type::duration,
                          .about = "the server itself removes it after so long",
                          .minimum = 0.001};
constexpr field seed_field{.name = "seed",
                           .type = field_type::whole,
                           .about = "of its random decisions. Default: the experiment's"};

constexpr std::array toxic_fields{
    field{.name = "type",
          .type = field_type::text,
          .about = "latency, loss, partition or any other that the server has",
          .required = true},
    attributes_field,
    field{.name = "stream",
          .type = field_type::choice,
          .about = "what it acts on. Default: downstream, or both for a type that has no other",
          .choices = stream_names},
    toxicity_field,
    match_field,
    trigger_field,
    schedule_field,
    ttl_field,
    name_field,
    seed_field,
};

constexpr std::array preset_fields{
    field{.name = "preset",
          .type = field_type::text,
          .about = "a fault of the protocol by its name: lose_commit_ack or deadlock of "
                   "PostgreSQL, lost_event or leader_election of Kafka, loading of Redis",
          .required = true},
    field{.name = "protocol",
          .type = field_type::text,
          .about = "what the proxy's connections speak: postgres, kafka, redis or mongodb. "
                   "Default: the one "
                   "that has this preset, postgres if several have"},
    attributes_field,
    toxicity_field,
    match_field,
    trigger_field,
    schedule_field,
    ttl_field,
    name_field,
    seed_field,
};

/// `100ms` for an attribute in milliseconds, as a number of them; else as it is. What this program
/// does not know of a type may be known to the server.
json attribute_in_units(std::string const& type, std::string const& name, json const& given)
{
    if (!given.is_string())
        return given;
    static auto const known = toxic_registry::builtin();
    auto const* const row = known.find(type);
    if (row == nullptr)
        return given;
    for (auto const& each : row->attributes)
        if (each.name == name && each.unit == "ms")
            if (auto const text = given.get<std::string>();
                !text.empty() && text.find_first_not_of("0123456789.") != text.npos)
                if (auto const time = read_duration(text))
                    return std::chrono::duration_cast<std::chrono::milliseconds>(*time).count();
    return given;
}

/// The protocol that alone has it, or PostgreSQL. A problem if none has it.
result<std::string> protocol_of_preset(std::string const& preset)
{
    static auto const known = toxic_registry::builtin();
    std::vector<std::string_view> having;
    std::vector<std::string_view> all;
    for (auto const* type : known.all())
        for (auto const& each : type->attributes)
            if (each.name == "preset") {
                all.insert(all.end(), each.names.begin(), each.names.end());
                if (std::ranges::find(each.names, preset) != each.names.end())
                    having.push_back(type->name);
            }
    if (having.empty())
        return problem{400, "preset: no protocol has one called '" + preset + "'" +
                                closest(preset, all)};
    return std::string(having.size() == 1 ? having.front() : "postgres");
}

/// What stands beside the type.
json toxic_body(settings const& how, std::string const& type)
{
    json body{{"type", type}};
    for (auto const* name : {"stream", "toxicity", "match", "trigger", "schedule", "seed"})
        if (auto const* given = how.any(name))
            body[name] = *given;
    if (how.has("name"))
        body["name"] = how.text("name");
    if (how.has("ttl"))
        body["ttl"] = std::chrono::ceil<std::chrono::milliseconds>(how.duration("ttl")).count();
    auto attributes = json::object();
    if (auto const* given = how.any("attributes"); given != nullptr && given->is_object())
        for (auto const& [name, each] : given->items())
            attributes[name] = attribute_in_units(type, name, each);
    body["attributes"] = std::move(attributes);
    return body;
}

result<std::unique_ptr<action>> make_one(json body, std::vector<target const*> const& aimed,
                                         surroundings const& where)
{
    if (aimed.size() != 1)
        return problem{400, "a toxic is aimed at one target"};
    auto at = aimed_proxy_of(*aimed.front(), where);
    if (!at)
        return at.error();
    std::vector<planned_toxic> toxics;
    toxics.push_back({std::move(*at), std::move(body)});
    return make_toxics(std::move(toxics), where.seed);
}

result<std::unique_ptr<action>>
make_toxic(settings const& how, std::vector<target const*> const& aimed, surroundings const& where)
{
    auto body = toxic_body_of(how);
    return body ? make_one(*std::move(body), aimed, where) : body.error();
}

result<std::unique_ptr<action>>
make_preset(settings const& how, std::vector<target const*> const& aimed, surroundings const& where)
{
    auto body = preset_body_of(how);
    return body ? make_one(*std::move(body), aimed, where) : body.error();
}

}  // namespace

result<json> toxic_body_of(settings const& how)
{
    auto const type = how.text("type");
    if (type.empty())
        return problem{400, "toxic: 'type' is missing, as latency"};
    return {boost::system::in_place_value, toxic_body(how, type)};
}

result<json> preset_body_of(settings const& how)
{
    if (how.text("preset").empty())
        return problem{400, "preset: its name is missing, as lose_commit_ack"};
    auto const preset = how.text("preset");
    auto const protocol = how.has("protocol") ? result<std::string>(how.text("protocol"))
                                              : protocol_of_preset(preset);
    if (!protocol)
        return protocol.error();
    auto body = toxic_body(how, *protocol);
    if (body["attributes"].contains("preset"))
        return problem{400, "preset: it is named twice, 'attributes' has it too"};
    body["attributes"]["preset"] = preset;
    return {boost::system::in_place_value, std::move(body)};
}

constinit action_kind const toxic_row{
    .row = {.name = "toxic",
            .about = "any toxic of the proxy's server",
            .fields = toxic_fields,
            .example = "{toxic: {type: latency, attributes: {latency: 100ms}}, target: redis}"},
    .aims_at = "proxy",
    .make = make_toxic};

constinit action_kind const preset_row{
    .row = {.name = "preset",
            .about = "a fault of the protocol that the proxy follows",
            .fields = preset_fields,
            .primary = "preset",
            .example = "{preset: lose_commit_ack, target: orders, trigger: {times: 1}}"},
    .aims_at = "proxy",
    .make = make_preset};

}  // namespace aconite::experiment
