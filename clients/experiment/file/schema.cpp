#include "clients/experiment/file/schema.hpp"

#include "clients/experiment/file/reading.hpp"
#include "clients/experiment/file/schema_values.hpp"

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

json requires_key(std::string_view key)
{
    return {{"required", json::array({key})}};
}

bool has_field(kind const& row, std::string_view name)
{
    return std::ranges::find(row.fields, name, &field::name) != row.fields.end();
}

/// Kinds of probes, loads or actions, and the keys that each of them has beside its own. Their
/// settings become definitions, which all the forms refer to.
class part_schemas {
public:
    part_schemas(std::string name, std::span<field const> beside, json& definitions)
        : name_(std::move(name)), beside_(beside), definitions_(definitions)
    {
        if (!beside_.empty())
            definitions_[name_ + "_keys"] = schema_of_rows(beside_);
    }

    void add(kind const& row, bool takes_target)
    {
        auto own = schema_of_rows(row.fields);
        // `params: {duration: 30s}` is the action's own.
        if (beside_has("duration") && !has_field(row, "duration"))
            own["properties"]["duration"] = beside("duration");
        definitions_[name_ + "." + std::string(row.name)] = std::move(own);
        kinds_.push_back(&row);
        takes_target_.push_back(takes_target);
    }

    /// Alternatives would make an editor tell all that do not fit: here the key decides which kind
    /// is meant.
    [[nodiscard]] json made() const
    {
        json all{{"type", "object"}, {"properties", json::object()}};
        auto any = json::array();
        auto rules = json::array();
        for (std::size_t i = 0; i < kinds_.size(); ++i) {
            auto const& row = *kinds_[i];
            all["properties"][std::string(row.name)] = {{"description", row.about}};
            any.push_back(requires_key(row.name));
            auto when = requires_key(row.name);
            auto others = json::array();  // of which this kind's name is a field
            for (auto const* other : kinds_)
                if (other != &row && has_field(*other, row.name))
                    others.push_back(requires_key(other->name));
            if (!others.empty())
                when["not"] = {{"anyOf", std::move(others)}};
            rules.push_back({{"if", std::move(when)}, {"then", by_its_key(row, takes_target_[i])}});
        }
        if (beside_has("type")) {
            rules.push_back({{"if", {{"not", {{"anyOf", any}}}}}, {"then", by_type()}});
            any.insert(any.begin(), requires_key("type"));
        }
        all["anyOf"] = std::move(any);
        all["allOf"] = std::move(rules);
        return all;
    }

private:
    [[nodiscard]] bool beside_has(std::string_view key) const
    {
        return std::ranges::find(beside_, key, &field::name) != beside_.end();
    }
    [[nodiscard]] json beside(std::string_view key) const
    {
        return schema_reference(name_ + "_keys/properties/" + std::string(key));
    }
    [[nodiscard]] json settings_of(kind const& row) const
    {
        return schema_reference(name_ + "." + std::string(row.name));
    }

    /// All but what says the kind in another way.
    [[nodiscard]] json beside_properties(bool takes_target) const
    {
        auto properties = json::object();
        for (auto const& each : beside_)
            if (each.name != "type" && each.name != "params" &&
                (takes_target || (each.name != "target" && each.name != "targets")))
                properties[std::string(each.name)] = beside(each.name);
        return properties;
    }

    /// `{sql: ..., connection: ...}` or `{sql: {query: ..., connection: ...}}`.
    [[nodiscard]] json by_its_key(kind const& row, bool takes_target) const
    {
        auto const name = std::string(row.name);
        auto const found = std::ranges::find(row.fields, row.primary, &field::name);
        auto const* primary = found != row.fields.end() ? &*found : nullptr;
        json flat{{"type", "object"},
                  {"properties", beside_properties(takes_target)},
                  {"additionalProperties", false}};
        auto nested = flat;
        auto required = json::array();
        for (auto const& each : row.fields) {
            if (&each == primary)
                continue;
            flat["properties"][std::string(each.name)] =
                schema_reference(name_ + "." + name + "/properties/" + std::string(each.name));
            if (each.required)
                required.push_back(each.name);
        }
        if (!required.empty())
            flat["required"] = std::move(required);
        json own{{"description", row.about}};
        if (primary != nullptr)
            own = schema_of_field(*primary);
        else
            own["type"] = json::array({"string", "array", "null"});
        flat["properties"][name] = std::move(own);
        if (takes_target && primary != nullptr && row.primary != "targets")
            flat["anyOf"] = json::array({requires_key("target"), requires_key("targets")});
        if (primary != nullptr &&
            (primary->type == field_type::object || primary->type == field_type::any))
            return flat;
        nested["properties"][name] = settings_of(row);
        if (takes_target && row.primary != "targets")
            nested["anyOf"] = json::array({requires_key("target"), requires_key("targets")});
        return {{"if", {{"properties", {{name, {{"type", "object"}}}}}}},
                {"then", std::move(nested)},
                {"else", std::move(flat)}};
    }

    /// `{type: sql, params: {...}}`.
    [[nodiscard]] json by_type() const
    {
        auto types = json::array();
        json made{{"type", "object"},
                  {"properties", beside_properties(true)},
                  {"additionalProperties", false},
                  {"allOf", json::array()}};
        for (auto const* row : kinds_) {
            types.push_back(row->name);
            made["allOf"].push_back({{"if", {{"properties", {{"type", {{"const", row->name}}}}}}},
                                     {"then", {{"properties", {{"params", settings_of(*row)}}}}}});
        }
        made["properties"]["type"] = {{"description", "its kind"}, {"enum", std::move(types)}};
        made["properties"]["params"] = beside("params");
        return made;
    }

    std::string name_;
    std::span<field const> beside_;
    json& definitions_;
    std::vector<kind const*> kinds_{};
    std::vector<bool> takes_target_{};
};

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
    json words_of_container{{"enum", json::array({"healthy", "running", "exited"})}};
    json of_container{{"properties", {{"condition", words_of_container}}}};
    json of_metric{{"required", json::array({"condition"})},
                   {"properties", {{"condition", {{"not", words_of_container}}}}}};
    made["allOf"] = json::array();
    // The other keys of a custom check are its parameters.
    made["allOf"].push_back({{"if", {{"not", requires_key("custom")}}}, {"then", closed}});
    made["allOf"].push_back({{"if", requires_key("container")}, {"then", of_container}});
    made["allOf"].push_back({{"if", requires_key("metric")}, {"then", of_metric}});
    return made;
}

json proxy_schema()
{
    auto made = schema_of_rows(proxy_fields());
    auto brokers = schema_of_rows(brokers_fields());
    brokers["properties"]["also"] = schema_list_of(schema_of_rows(further_fields()));
    brokers["description"] =
        "of Kafka, Redis and MongoDB: where their servers are for the clients of the proxy";
    made["properties"]["brokers"] = std::move(brokers);
    return made;
}

json target_schema()
{
    auto made = schema_of_rows(target_fields());
    auto process = schema_of_rows(process_fields());
    process["anyOf"] = json::array();
    for (auto const* key : {"pid_file", "pid", "port", "command"})
        process["anyOf"].push_back(requires_key(key));
    made["properties"]["process"] = std::move(process);
    auto any = json::array();
    for (auto const* key : {"proxy", "container", "process"})
        any.push_back(requires_key(key));
    made["anyOf"] = std::move(any);
    return made;
}

/// What each section takes, by its row's name.
json section_value(std::string_view name)
{
    if (name == "vars")
        return schema_names_to({{"type", json::array({"string", "number", "boolean", "null"})}});
    if (name == "servers")
        return schema_names_to({{"type", "string"}});
    if (name == "targets")
        return schema_names_to(schema_reference("target"));
    if (name == "probes" || name == "metrics") {
        auto probes = schema_names_to(schema_reference("probe"));
        probes["propertyNames"] = {{"pattern", "^[A-Za-z_][A-Za-z0-9_.]*$"}};
        return probes;
    }
    if (name == "load")
        return schema_any_of({schema_reference("load"), schema_list_of(schema_reference("load"))});
    if (name == "custom")
        return schema_names_to({{"type", "object"}});
    if (name == "proxies")
        return schema_list_of(schema_reference("proxy"));
    if (name == "phases")
        return schema_list_of(schema_reference("phase"));
    return schema_list_of(schema_reference("check"));
}

}  // namespace

json schema_of(catalog const& kinds)
{
    constexpr std::array<field, 1> name_of_load = {
        field{"name", field_type::text, "what its values are called: NAME.p95"}};

    auto made = schema_of_rows(experiment_fields());
    json all{{"$schema", "http://json-schema.org/draft-07/schema#"},
             {"title", "An experiment of aconite"},
             {"description", "A fault, what is expected to hold, a report: docs/experiments.md"}};
    all.update(made);
    all["required"].push_back("phases");
    for (auto const& row : section_fields()) {
        auto section = schema_any_of({section_value(row.name), json{{"type", "null"}}});
        section["description"] = row.about;
        all["properties"][std::string(row.name)] = std::move(section);
    }
    auto& phases = all["properties"]["phases"];  // without them it is none
    phases.erase("anyOf");
    phases.update(section_value("phases"));
    phases["minItems"] = 1;

    auto definitions = schema_definitions();
    definitions["proxy"] = proxy_schema();
    definitions["target"] = target_schema();
    part_schemas probes("probe", {}, definitions);
    for (auto const* row : kinds.probes)
        probes.add(*row, false);
    definitions["probe"] = probes.made();
    part_schemas loads("load", name_of_load, definitions);
    for (auto const* row : kinds.loads)
        loads.add(*row, false);
    definitions["load"] = loads.made();
    part_schemas actions("action", action_fields(), definitions);
    for (auto const& each : kinds.actions)
        actions.add(*each.row, !each.aims_at.empty());
    definitions["action"] = actions.made();
    definitions["check"] = check_schema();
    auto phase = schema_of_rows(phase_fields());
    phase["properties"]["actions"] =
        schema_any_of({schema_list_of(schema_reference("action")), json{{"type", "null"}}});
    phase["properties"]["actions"]["description"] = "what is done in it";
    definitions["phase"] = std::move(phase);
    all["definitions"] = std::move(definitions);
    return all;
}

}  // namespace aconite::experiment
