#include "clients/experiment/file/schema_values.hpp"

#include <cmath>
#include <string>

namespace aconite::experiment {
namespace {

/// A number with one of these units behind it, or none.
json unit_text(std::string_view units)
{
    return {{"type", "string"},
            {"pattern", "^[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)? *(" + std::string(units) + ")?$"}};
}

json bounded(std::string_view type, field const& row)
{
    json made{{"type", type}, {"minimum", row.minimum}};
    if (!std::isinf(row.maximum))
        made["maximum"] = row.maximum;
    return made;
}

json value_schema(field const& row)
{
    switch (row.type) {
    case field_type::choice: {
        auto words = json::array();
        for (auto const each : row.choices)
            words.push_back(each);
        return schema_any_of({json{{"enum", std::move(words)}}, schema_reference("variable")});
    }
    case field_type::flag:
        return schema_any_of({json{{"type", "boolean"}}, schema_reference("variable")});
    case field_type::number:
        return schema_any_of({bounded("number", row), schema_reference("variable")});
    case field_type::whole:
        return schema_any_of({bounded("integer", row), schema_reference("variable")});
    case field_type::share:
        return schema_reference("share");
    case field_type::duration:
        return schema_reference("duration");
    case field_type::bytes:
        return schema_reference("bytes");
    case field_type::rate:
        return schema_reference("rate");
    case field_type::words:
        return schema_reference("words");
    case field_type::command:
        return schema_reference("command");
    case field_type::object:
        return {{"type", "object"}};
    case field_type::any:
        return json::object();
    case field_type::expression:
        return schema_reference("expression");
    case field_type::text:
        break;
    }
    return schema_reference("text");
}

}  // namespace

json schema_reference(std::string_view definition)
{
    return {{"$ref", "#/definitions/" + std::string(definition)}};
}

json schema_any_of(std::initializer_list<json> all)
{
    auto list = json::array();
    for (auto const& each : all)
        list.push_back(each);
    return {{"anyOf", std::move(list)}};
}

json schema_list_of(json items)
{
    return {{"type", "array"}, {"items", std::move(items)}};
}

json schema_names_to(json values)
{
    return {{"type", "object"}, {"additionalProperties", std::move(values)}};
}

json schema_definitions()
{
    auto const variable = schema_reference("variable");
    auto const number = json{{"type", "number"}, {"minimum", 0}};
    auto text = json{{"type", json::array({"string", "number", "boolean"})}};
    auto list = schema_list_of(schema_reference("text"));
    auto some = list;
    some["minItems"] = 1;
    json all;
    all["variable"] = {{"type", "string"}, {"pattern", "\\$\\{"}};
    all["text"] = text;
    text["minLength"] = 1;
    all["expression"] = std::move(text);
    all["words"] = schema_any_of({schema_reference("text"), list});
    all["command"] = schema_any_of({schema_reference("text"), some});
    all["duration"] = schema_any_of({unit_text("us|ms|s|m|h"), number, variable});
    auto share = number;
    share["maximum"] = 1;
    all["share"] = schema_any_of({unit_text("%"), share, variable});
    all["bytes"] = schema_any_of({unit_text("KiB|MiB|GiB|KB|kB|MB|GB|k|m|g|B"), number, variable});
    all["rate"] = schema_any_of({unit_text("/s|/m|/min|/h"), number, variable});
    return all;
}

// Draft 7 looks at nothing beside a $ref; editors show the description all the same.
json schema_of_field(field const& row)
{
    json made{{"description", row.about}};
    made.update(value_schema(row));
    return made;
}

json schema_properties(std::span<field const> rows)
{
    auto properties = json::object();
    for (auto const& row : rows)
        properties[std::string(row.name)] = schema_of_field(row);
    return properties;
}

json schema_of_rows(std::span<field const> rows, std::string_view given)
{
    json made{{"type", "object"},
              {"properties", schema_properties(rows)},
              {"additionalProperties", false}};
    auto required = json::array();
    for (auto const& row : rows)
        if (row.required && row.name != given)
            required.push_back(row.name);
    if (!required.empty())
        made["required"] = std::move(required);
    return made;
}

}  // namespace aconite::experiment
