#include "api/openapi/schema.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace aconite::api::schema {
namespace {

json typed(std::string_view type, std::string_view about)
{
    json made{{"type", type}};
    if (!about.empty())
        made["description"] = about;
    return made;
}

json words_of(std::span<std::string_view const> words)
{
    json list = json::array();
    for (auto const& word : words)
        list.push_back(word);
    return list;
}

json numbers(attribute const& row, std::string_view about)
{
    auto made = typed("object", about);
    made["additionalProperties"] =
        number({}, static_cast<double>(row.minimum), static_cast<double>(row.maximum));
    if (!row.names.empty())
        made["propertyNames"] = {{"enum", words_of(row.names)}};
    return made;
}

json object(json members)
{
    return {{"type", "object"}, {"properties", std::move(members)}};
}

}  // namespace

json text(std::string_view about)
{
    return typed("string", about);
}

json flag(std::string_view about)
{
    return typed("boolean", about);
}

json whole(std::string_view about, std::int64_t minimum, std::optional<std::int64_t> maximum)
{
    auto made = typed("integer", about);
    made["minimum"] = minimum;
    if (maximum)
        made["maximum"] = *maximum;
    return made;
}

json number(std::string_view about, double minimum, double maximum)
{
    auto made = typed("number", about);
    made["minimum"] = shortest(minimum);
    made["maximum"] = shortest(maximum);
    return made;
}

json one_of(std::string_view about, std::span<std::string_view const> words)
{
    auto made = typed("string", about);
    made["enum"] = words_of(words);
    return made;
}

json list_of(json items)
{
    return {{"type", "array"}, {"items", std::move(items)}};
}

json named(std::string_view name)
{
    return {{"$ref", std::string("#/components/schemas/").append(name)}};
}

json or_null(json schema)
{
    auto const type = schema.find("type");
    if (type == schema.end())
        return {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
    *type = {std::move(*type), "null"};
    if (auto const words = schema.find("enum"); words != schema.end())
        words->push_back(nullptr);
    return schema;
}

json told(json members, json const& optional)
{
    json required = json::array();
    for (auto const& [name, schema] : members.items())
        required.push_back(name);
    members.update(optional);
    auto made = object(std::move(members));
    made["required"] = std::move(required);
    made["additionalProperties"] = false;
    return made;
}

json taken(json members, std::vector<std::string_view> const& required)
{
    for (auto& [name, schema] : members.items())
        if (std::ranges::find(required, std::string_view(name)) == required.end())
            schema = or_null(std::move(schema));
    auto made = object(std::move(members));
    if (!required.empty())
        made["required"] = words_of(required);
    return made;
}

json taken_strictly(json members, std::vector<std::string_view> const& required)
{
    auto made = taken(std::move(members), required);
    made["additionalProperties"] = false;
    return made;
}

json of(attribute const& row)
{
    auto about = std::string(row.summary);
    if (!row.unit.empty())
        about.append(", in ").append(row.unit);
    switch (row.kind) {
    case attribute_kind::number:
        return number(about, static_cast<double>(row.minimum), static_cast<double>(row.maximum));
    case attribute_kind::choice:
        return one_of(about, row.names);
    case attribute_kind::text:
    case attribute_kind::pattern:
    case attribute_kind::list:
        return text(about);
    case attribute_kind::numbers:
        return numbers(row, about);
    case attribute_kind::flag:
        return flag(about);
    default:
        return whole(about, row.minimum, row.maximum);
    }
}

json members_of(std::span<attribute const> row)
{
    json members = json::object();
    for (auto const& each : row)
        members[std::string(each.name)] = of(each);
    return members;
}

json values_of(std::span<attribute const> row)
{
    json always = json::object();
    json sometimes = json::object();
    for (auto const& each : row)
        (each.extra ? sometimes : always)[std::string(each.name)] = of(each);
    return told(std::move(always), sometimes);
}

}  // namespace aconite::api::schema
