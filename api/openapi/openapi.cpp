// /openapi.json, from the routes and the toxics' rows that serve the requests.
#include "api/openapi/openapi.hpp"

#include "api/http/path.hpp"
#include "api/openapi/schema.hpp"
#include "api/openapi/schemas.hpp"
#include "api/version.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace aconite::api {
namespace {

constexpr route_doc document_doc{
    .name = "OpenApi",
    .summary = "This document.",
    .answers = {{200, "An OpenAPI 3.1 document.", "OpenApi"}},
};

constexpr char about[] = R"(Toxiproxy's API, and what aconite adds to it.

- A path that is not listed is answered with 404 and the text `404 page not found`, a method that is
  not listed with 405, no body and no `Allow`, a path with empty or dot segments with 301 to the
  clean one.
- Errors are JSON by the schema `Error`, but are called `text/plain`, as Toxiproxy does.
- Of a request's body the first JSON value is read, whatever `Content-Type` says. Members may be
  written in any case, and null is as good as absent. Unknown ones are ignored and named in
  the header `Aconite-Warning`, but in `match`, `trigger`, `schedule` and in the attributes of toxics
  that Toxiproxy does not have they are a 400.
- Whole numbers are written without a fraction and an exponent.
)";

/// What every route answers.
constexpr answer_doc broken_path{400, "The path has a broken escape.", {}, "text/plain"};
constexpr answer_doc common_answers[] = {
    {403, "A browser's request that no page of this server makes.", {}, "text/plain"},
    fault(413, "The body is longer than 1 MB."),
    fault(431, "The header is longer than 64 KB."),
};

json content_of(answer_doc const& answer)
{
    bool const is_json = answer.media.empty();
    bool const has_parts = is_json || answer.media == "application/yaml";
    json schema;
    if (has_parts)
        schema = schema::named(answer.schema);
    else
        schema = schema::text({});
    if (!has_parts && !answer.schema.empty()) {
        schema["contentMediaType"] = "application/json";
        schema["contentSchema"] = schema::named(answer.schema);
    }
    json content;
    content[is_json ? "application/json" : std::string(answer.media)]["schema"] = std::move(schema);
    return content;
}

json header_ref(char const* name)
{
    return {{"$ref", std::string("#/components/headers/") + name}};
}

json answer_of(answer_doc const& answer, bool reads_a_body)
{
    json made{{"description", answer.when}};
    auto& headers = made["headers"];
    headers["X-Toxiproxy-Request-Id"] = header_ref("RequestId");
    if (reads_a_body)
        headers["Aconite-Warning"] = header_ref("Warning");
    if (!answer.schema.empty() || !answer.media.empty())
        made["content"] = content_of(answer);
    return made;
}

/// A status that the route lists itself is its own.
void add_common(json& answers, answer_doc const& answer)
{
    auto const status = std::to_string(answer.status);
    if (!answers.contains(status))
        answers[status] = {{"description", answer.when}, {"content", content_of(answer)}};
}

bool has_names(route const& r)
{
    return r.pattern.find('{') != std::string_view::npos;
}

json answers_of(route const& r)
{
    json answers = json::object();
    for (auto const& answer : r.doc.answers) {
        if (answer.status == 0)
            break;
        auto& known = answers[std::to_string(answer.status)];
        if (known.is_null())
            known = answer_of(answer, !r.doc.body.empty());
        else  // the same in another form
            known["content"].update(content_of(answer));
    }
    if (has_names(r))
        add_common(answers, broken_path);
    for (auto const& answer : common_answers)
        add_common(answers, answer);
    return answers;
}

json path_parameter(std::string_view name)
{
    auto schema = schema::text({});
    schema["minLength"] = 1;
    schema["not"] = {{"enum", {".", ".."}}};
    return {{"name", name},
            {"in", "path"},
            {"required", true},
            {"description", "One segment, percent-encoded: a slash in it is %2F."},
            {"schema", std::move(schema)}};
}

json parameters_of(route const& r)
{
    json parameters = json::array();
    auto const segments = *segments_of(r.pattern);
    for (auto const& segment : segments)
        if (segment.starts_with('{'))
            parameters.push_back(path_parameter(segment.substr(1, segment.size() - 2)));
    for (auto const& row : r.doc.query) {
        auto schema = schema::of(row);
        auto description = schema.at("description");
        schema.erase("description");
        parameters.push_back({{"name", row.name},
                              {"in", "query"},
                              {"description", std::move(description)},
                              {"schema", std::move(schema)}});
    }
    return parameters;
}

std::string lower_case(http::verb method)
{
    auto const text = http::to_string(method);
    std::string name(text.data(), text.size());
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name;
}

/// The first method of a route has its name; a further one, which does the same, adds its own.
std::string id_of(route const& r, std::string const& method)
{
    std::string id(r.doc.name);
    if (!r.methods.empty() && lower_case(r.methods.front()) != method)
        id.append("_").append(method);
    return id;
}

json operation_of(route const& r, std::string const& method)
{
    json made{{"operationId", id_of(r, method)}, {"summary", r.doc.summary}};
    if (auto parameters = parameters_of(r); !parameters.empty())
        made["parameters"] = std::move(parameters);
    if (!r.doc.body.empty())
        made["requestBody"] = {
            {"required", true},
            {"content", {{"application/json", {{"schema", schema::named(r.doc.body)}}}}}};
    made["responses"] = answers_of(r);
    return made;
}

json paths_of(std::vector<route> const& routes)
{
    json paths = json::object();
    for (auto const& each : routes) {
        if (each.for_browsers)
            continue;  // the page is no part of the API
        auto& path = paths[std::string(each.pattern)];
        for (auto const method : each.methods)
            path[lower_case(method)] = operation_of(each, lower_case(method));
        if (each.methods.empty())  // any: one stands for all
            path["get"] = operation_of(each, "get");
    }
    return paths;
}

json headers()
{
    return {{"RequestId",
             {{"description", "20 characters that no other request has. Not where the request "
                              "could not be read."},
              {"schema", {{"type", "string"}}}}},
            {"Warning",
             {{"description", "The members of the body that were ignored, if there were any."},
              {"schema", {{"type", "string"}}}}}};
}

}  // namespace

json openapi_document(std::vector<route> const& routes, toxic_registry const& types,
                      api_options options)
{
    return {
        {"openapi", "3.1.0"},
        {"info", {{"title", "aconite"}, {"version", toxiproxy_version}, {"description", about}}},
        {"paths", paths_of(routes)},
        {"components", {{"schemas", all_schemas(types, options)}, {"headers", headers()}}}};
}

route openapi_route(std::vector<route> others, engine& e, api_options options)
{
    route made{{http::verb::get}, "/openapi.json", document_doc, {}};
    others.push_back(made);
    made.handle = [routes = std::move(others), &e, options](call&) {
        return json_answer(http::status::ok, openapi_document(routes, e.toxic_types(), options));
    };
    return made;
}

}  // namespace aconite::api
