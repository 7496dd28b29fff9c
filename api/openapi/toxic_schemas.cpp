// What toxics look like, by the rows of their types: a type that is added needs nothing here.
#include "api/json/aim_codec.hpp"
#include "api/openapi/schema.hpp"
#include "api/openapi/schemas.hpp"

#include <aconite/aim.hpp>

#include <string>

namespace aconite::api {
namespace {

using namespace schema;

constexpr std::string_view single_streams[] = {"upstream", "downstream"};

/// limit_data as LimitData.
std::string title_of(std::string_view name)
{
    std::string title;
    bool first = true;
    for (char const c : name) {
        if (c != '_')
            title += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        first = c == '_';
    }
    return title;
}

/// The name of the schema of its matches.
std::string match_of(toxic_type const& type)
{
    return type.protocol != nullptr ? title_of(type.name) + "Match" : "Match";
}

json word(std::string_view value)
{
    return {{"type", "string"}, {"const", value}};
}

json toxicity()
{
    constexpr double most = 3.4028235e38;  // the largest float, as it is told
    return number("share of the connections that it acts on; below 0 none, above 1 all", -most,
                  most);
}

json seed()
{
    return whole("key of its random decisions, instead of the proxy's or the server's", 0,
                 seed_max);
}

/// A step of a schedule. What `attributes` may be depends on the type.
json taken_step(json attributes)
{
    auto const chosen = [](char const* action, json value) {
        return json{{"properties", {{action, std::move(value)}}},
                    {"required", json::array({action})}};
    };
    auto made = taken_strictly(
        {{"at", whole("ms after it was created, in ascending order", 0, time_ms_max)},
         {"add", flag("it takes effect")},
         {"update",
          taken_strictly({{"toxicity", toxicity()}, {"attributes", std::move(attributes)}})},
         {"remove", flag("it is out of effect; behind the last step it is removed for good")}},
        {"at"});
    made["oneOf"] = {chosen("add", {{"const", true}}), chosen("update", {{"type", "object"}}),
                     chosen("remove", {{"const", true}})};
    return made;
}

json told_step(toxic_type const& type)
{
    auto const at = whole("ms after it was created or changed", 0, time_ms_max);
    json const yes{{"const", true}};
    auto const change =
        told(json::object(), {{"toxicity", toxicity()},
                              {"attributes", told(json::object(), members_of(type.attributes))}});
    return {{"oneOf",
             {told({{"at", at}, {"add", yes}}), told({{"at", at}, {"update", change}}),
              told({{"at", at}, {"remove", yes}})}}};
}

json schedule_of(json step)
{
    auto made = list_of(std::move(step));
    made["maxItems"] = schedule_steps_max;
    return made;
}

/// What can be given when a toxic is made and when it is changed.
json changeable(json attributes, json step, std::string const& match)
{
    return {{"toxicity", toxicity()},
            {"attributes", std::move(attributes)},
            {"match", named(match)},
            {"trigger", named("TriggerConfig")},
            {"ttl", whole("it is removed after so many ms; 0: it stays", 0, time_ms_max)},
            {"schedule", schedule_of(std::move(step))},
            {"seed", seed()},
            {"lease", text("id of the lease that it ends with")}};
}

/// The members of a row as they are given at first.
json first_members_of(std::span<attribute const> row)
{
    auto members = members_of(row);
    for (auto const& each : row)
        members[std::string(each.name)]["default"] = value_json(each.fallback_value());
    return members;
}

json attributes_of(toxic_type const& type)
{
    auto members = first_members_of(type.attributes);
    return type.lenient ? taken(std::move(members)) : taken_strictly(std::move(members));
}

/// What is taken as the stream of such a toxic.
json stream_of(toxic_type const& type)
{
    if (!type.acts_on)
        return one_of("the direction it acts on, or both", all_streams);
    if (*type.acts_on == stream::both)
        return one_of("it acts on both", all_streams);
    return one_of("the direction it acts on", single_streams);
}

json taken_toxic(toxic_type const& type)
{
    json members{
        {"name", text("unique in its proxy; empty: <type>_<stream>")},
        {"type", word(type.name)},
        {"stream", stream_of(type)},
    };
    members["stream"]["default"] = "downstream";
    members.update(changeable(named(title_of(type.name) + "Attributes"),
                              taken_step(taken_strictly(members_of(type.attributes))),
                              match_of(type) + "Config"));
    members["toxicity"]["default"] = 1;
    auto made = taken(std::move(members), {"type"});
    made["description"] = type.summary;
    return made;
}

json told_toxic(toxic_type const& type)
{
    auto name = text("unique in its proxy");
    name["minLength"] = 1;
    json optional{
        {"match", named(match_of(type))},
        {"trigger", named("Trigger")},
        {"ttl", whole("it is removed so many ms after it was set", 1, time_ms_max)},
        {"schedule", schedule_of(told_step(type))},
        {"seed", seed()},
        {"lease", text("id of the lease that it ends with")},
        {"active",
         {{"const", false}, {"description", "while its schedule keeps it out of effect"}}},
    };
    optional["schedule"]["minItems"] = 1;
    optional["lease"]["minLength"] = 1;
    if (type.drop != nullptr)
        optional["effective_mode"] = text("what it does where that depends on the machine");
    auto made = told({{"name", name},
                      {"type", word(type.name)},
                      {"stream", type.acts_on ? word(to_text(*type.acts_on))
                                              : one_of("the direction it acts on", all_streams)},
                      {"toxicity", toxicity()},
                      {"attributes", values_of(type.attributes)}},
                     optional);
    made["description"] = type.summary;
    return made;
}

/// One of the schemas called `<Type><suffix>`, chosen by the member `type`.
json by_type(toxic_registry const& types, char const* suffix)
{
    json variants = json::array();
    json mapping = json::object();
    for (auto const* type : types.all()) {
        auto one = named(title_of(type->name) + suffix);
        mapping[std::string(type->name)] = one["$ref"];
        variants.push_back(std::move(one));
    }
    return {{"oneOf", std::move(variants)},
            {"discriminator", {{"propertyName", "type"}, {"mapping", std::move(mapping)}}}};
}

json toxic_patch_schema(toxic_registry const& types)
{
    json attributes = json::array();
    for (auto const* type : types.all())
        attributes.push_back(named(title_of(type->name) + "Attributes"));
    auto members = changeable({{"anyOf", std::move(attributes)}}, taken_step({{"type", "object"}}),
                              "MatchConfig");
    json matches = json::array({named("MatchConfig")});
    for (auto const* type : types.all())
        if (type->protocol != nullptr)
            matches.push_back(named(match_of(*type) + "Config"));
    members["match"] = {{"anyOf", std::move(matches)}};
    members["seed"]["description"] = "cannot be changed: the one that it has";
    members["lease"]["description"] = "cannot be changed: the one that it has";
    return or_null(taken(std::move(members)));
}

/// What is set of a match or a trigger.
json told_group(std::span<attribute const> row)
{
    auto made = values_of(row);
    made["minProperties"] = 1;
    return made;
}

}  // namespace

json toxic_schemas(toxic_registry const& types)
{
    json all{
        {"Toxic", by_type(types, "Toxic")},
        {"Toxics", list_of(named("Toxic"))},
        {"ToxicConfig", by_type(types, "ToxicConfig")},
        {"ToxicPatch", toxic_patch_schema(types)},
        {"Match", told_group(match_row())},
        {"MatchConfig", taken_strictly(first_members_of(match_row()))},
        {"Trigger", told_group(trigger_row())},
        {"TriggerConfig", taken_strictly(first_members_of(trigger_row()))},
    };
    for (auto const* type : types.all()) {
        auto const title = title_of(type->name);
        all[title + "Toxic"] = told_toxic(*type);
        all[title + "ToxicConfig"] = taken_toxic(*type);
        all[title + "Attributes"] = attributes_of(*type);
        if (type->protocol == nullptr)
            continue;
        all[match_of(*type)] = told_group(type->match_attributes());
        all[match_of(*type) + "Config"] =
            taken_strictly(first_members_of(type->match_attributes()));
    }
    return all;
}

}  // namespace aconite::api
