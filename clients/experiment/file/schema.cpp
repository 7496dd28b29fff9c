#include "clients/experiment/file/schema.hpp"

#include "clients/experiment/file/reading.hpp"
#include "clients/experiment/file/schema_values.hpp"

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

using kinds_list = std::vector<kind const*>;

json requires_key(std::string_view key)
{
    return {{"required", json::array({key})}};
}

bool has_field(kind const& row, std::string_view name)
{
    return std::ranges::find(row.fields, name, &field::name) != row.fields.end();
}

/// The kind's own fields in a mapping of their own, where an action's `duration` may stand too.
json nested_settings(kind const& row, bool is_action)
{
    auto made = schema_of_rows(row.fields);
    if (is_action && !has_field(row, "duration"))
        made["properties"]["duration"] =
            schema_of_field(*std::ranges::find(action_fields(), "duration", &field::name));
    return made;
}

/// `{sql: ..., connection: ...}` or `{sql: {query: ..., connection: ...}}`.
json by_its_key(kind const& row, std::span<field const> beside, bool is_action)
{
    auto const name = std::string(row.name);
    auto const* primary =
        std::ranges::find(row.fields, row.primary, &field::name) != row.fields.end()
            ? &*std::ranges::find(row.fields, row.primary, &field::name)
            : nullptr;
    auto flat = schema_of_rows(row.fields, row.primary);
    if (primary != nullptr)
        flat["properties"].erase(std::string(row.primary));
    for (auto const& each : beside)
        if (!flat["properties"].contains(std::string(each.name)))
            flat["properties"][std::string(each.name)] = schema_of_field(each);
    auto nested = schema_properties(beside);
    json value{{"description", row.about}};
    value["not"] = {{"type", "object"}};
    if (primary != nullptr)
        value = schema_of_field(*primary);
    else
        value["type"] = json::array({"string", "array", "null"});
    bool const takes_mapping = primary != nullptr && (primary->type == field_type::object ||
                                                      primary->type == field_type::any);
    flat["properties"][name] = std::move(value);
    if (takes_mapping)
        return flat;
    nested[name] = nested_settings(row, is_action);
    return {{"if", {{"properties", {{name, {{"type", "object"}}}}}}},
            {"then", {{"type", "object"}, {"properties", nested}, {"additionalProperties", false}}},
            {"else", std::move(flat)}};
}

/// A mapping of one of these kinds. Alternatives would make an editor tell all that do not fit:
/// here the key decides which one is meant.
json part_schema(kinds_list const& kinds, std::span<field const> beside, bool is_action)
{
    json made{{"type", "object"}, {"properties", json::object()}};
    auto any = json::array();
    auto rules = json::array();
    auto by_key = json::array();
    for (auto const* row : kinds) {
        made["properties"][std::string(row->name)] = {{"description", row->about}};
        by_key.push_back(requires_key(row->name));
        auto when = requires_key(row->name);
        auto others = json::array();  // of which this kind's name is a field
        for (auto const* other : kinds)
            if (other != row && has_field(*other, row->name))
                others.push_back(requires_key(other->name));
        if (!others.empty())
            when["not"] = {{"anyOf", std::move(others)}};
        rules.push_back({{"if", std::move(when)}, {"then", by_its_key(*row, beside, is_action)}});
    }
    if (is_action) {
        auto types = json::array();
        json by_type{{"type", "object"},
                     {"properties", schema_properties(beside)},
                     {"additionalProperties", false},
                     {"allOf", json::array()}};
        for (auto const* row : kinds) {
            types.push_back(row->name);
            by_type["allOf"].push_back(
                {{"if", {{"properties", {{"type", {{"const", row->name}}}}}}},
                 {"then", {{"properties", {{"params", nested_settings(*row, true)}}}}}});
        }
        by_type["properties"]["type"] = {{"description", "its kind"}, {"enum", types}};
        rules.push_back({{"if", {{"not", {{"anyOf", by_key}}}}}, {"then", std::move(by_type)}});
        any.push_back(requires_key("type"));
    }
    any.insert(any.end(), by_key.begin(), by_key.end());
    made["anyOf"] = std::move(any);
    made["allOf"] = std::move(rules);
    return made;
}

json check_schema()
{
    auto made = schema_of_rows(check_fields());
    made.erase("additionalProperties");
    auto one = json::array();
    for (auto const* subject : {"expect", "metric", "container", "custom"})
        one.push_back(requires_key(subject));
    made["oneOf"] = std::move(one);
    json closed{{"additionalProperties", false}, {"properties", json::object()}};
    for (auto const& row : check_fields())
        closed["properties"][std::string(row.name)] = true;
    made["if"] = {{"not", requires_key("custom")}};  // whose other keys are its parameters
    made["then"] = std::move(closed);
    return made;
}

json target_schema()
{
    auto made = schema_of_rows(target_fields());
    made["properties"]["process"] = schema_of_rows(process_fields());
    auto any = json::array();
    for (auto const* key : {"proxy", "container", "process"})
        any.push_back(requires_key(key));
    made["anyOf"] = std::move(any);
    return made;
}

json definition(std::string_view name)
{
    return {{"$ref", "#/definitions/" + std::string(name)}};
}

/// What each section takes, by its row's name.
json section_value(std::string_view name)
{
    if (name == "vars")
        return schema_names_to({{"type", json::array({"string", "number", "boolean", "null"})}});
    if (name == "servers")
        return schema_names_to({{"type", "string"}});
    if (name == "targets")
        return schema_names_to(definition("target"));
    if (name == "probes" || name == "metrics")
        return schema_names_to(definition("probe"));
    if (name == "load")
        return schema_any_of({definition("load"), schema_list_of(definition("load"))});
    if (name == "custom")
        return schema_names_to({{"type", "object"}});
    if (name == "proxies")
        return schema_list_of(definition("proxy"));
    if (name == "phases")
        return schema_list_of(definition("phase"));
    return schema_list_of(definition("check"));
}

}  // namespace

json schema_of(catalog const& kinds)
{
    kinds_list actions;
    for (auto const& each : kinds.actions)
        actions.push_back(each.row);
    constexpr std::array<field, 1> name_of_load = {
        field{"name", field_type::text, "what its values are called: NAME.p95"}};

    auto made = schema_of_rows(experiment_fields());
    json all{{"$schema", "http://json-schema.org/draft-07/schema#"},
             {"title", "An experiment of aconite"},
             {"description", "A fault, what is expected to hold, a report: docs/experiments.md"}};
    all.update(made);
    all["required"].push_back("phases");
    for (auto const& row : section_fields()) {
        auto value = schema_any_of({section_value(row.name), json{{"type", "null"}}});
        value["description"] = row.about;
        all["properties"][std::string(row.name)] = std::move(value);
    }
    auto& phases = all["properties"]["phases"];
    phases = section_value("phases");
    phases["minItems"] = 1;

    auto definitions = schema_definitions();
    definitions["proxy"] = schema_of_rows(proxy_fields());
    definitions["target"] = target_schema();
    definitions["probe"] = part_schema(kinds.probes, {}, false);
    definitions["load"] = part_schema(kinds.loads, name_of_load, false);
    definitions["action"] = part_schema(actions, action_fields(), true);
    definitions["check"] = check_schema();
    auto phase = schema_of_rows(phase_fields());
    phase["properties"]["actions"] =
        schema_any_of({schema_list_of(definition("action")), json{{"type", "null"}}});
    phase["properties"]["actions"]["description"] = "what is done in it";
    definitions["phase"] = std::move(phase);
    all["definitions"] = std::move(definitions);
    return all;
}

}  // namespace aconite::experiment
