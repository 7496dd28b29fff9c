// /toxic-types: the rows that forms and other front ends are made from.
#include "api/json/codec.hpp"
#include "api/routes/handlers.hpp"

#include <aconite/aim.hpp>

namespace aconite::api {
namespace {

constexpr route_doc index_type_doc{
    .name = "ToxicTypes",
    .summary = "The toxics that there are and their attributes; and what a match and a trigger can "
               "name.",
    .answers = {{200, "The rows.", "ToxicTypes"}},
};

json row_json(attribute const& row)
{
    json made{{"name", row.name},
              {"kind", attribute_kind_names[static_cast<std::size_t>(row.kind)]},
              {"unit", row.unit},
              {"summary", row.summary},
              {"default", value_json(row.fallback_value())}};
    bool const bounded = row.kind == attribute_kind::integer ||
                         row.kind == attribute_kind::number || row.kind == attribute_kind::numbers;
    if (bounded) {
        made["minimum"] = row.minimum;
        made["maximum"] = row.maximum;
    }
    if (!row.names.empty())
        made["choices"] = row.names;
    return made;
}

json rows_json(std::span<attribute const> row)
{
    json list = json::array();
    for (auto const& each : row)
        list.push_back(row_json(each));
    return list;
}

json type_json(toxic_type const& type)
{
    json streams = json::array();
    if (type.acts_on)
        streams.push_back(to_text(*type.acts_on));
    else
        for (auto const each : {stream::upstream, stream::downstream, stream::both})
            streams.push_back(to_text(each));
    json made{{"name", type.name},
              {"summary", type.summary},
              {"streams", std::move(streams)},
              {"attributes", rows_json(type.attributes)}};
    if (type.protocol != nullptr) {
        made["protocol"] = type.protocol->name;
        made["match"] = rows_json(type.protocol->match);
    }
    return made;
}

response index_type(engine& e)
{
    json toxics = json::array();
    for (auto const* type : e.toxic_types().all())
        toxics.push_back(type_json(*type));
    return json_answer(http::status::ok, {{"toxics", std::move(toxics)},
                                          {"match", rows_json(match_row())},
                                          {"trigger", rows_json(trigger_row())}});
}

}  // namespace

std::vector<route> toxic_type_routes(engine& e)
{
    using http::verb;
    return {{{verb::get}, "/toxic-types", index_type_doc, [&e](call&) { return index_type(e); }}};
}

}  // namespace aconite::api
