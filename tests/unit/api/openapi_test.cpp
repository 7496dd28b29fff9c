#include "api/openapi/openapi.hpp"

#include "api/routes/handlers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace aconite::api {
namespace {

constexpr api_options everything{.extras = true, .proxy_metrics = true, .runtime_metrics = true};

json document_of(api_options options, toxic_registry const& types = toxic_registry::builtin())
{
    engine e({.shards = 1});
    return openapi_document(all_routes(e, options), types, options);
}

/// Calls `found` with the name of each schema that is referred to anywhere in `part`.
template <class Found>
void each_reference(json const& part, Found const& found)
{
    static constexpr std::string_view start = "#/components/schemas/";
    if (part.is_structured())
        for (auto const& inside : part)
            each_reference(inside, found);
    else if (part.is_string() && part.get_ref<std::string const&>().starts_with(start))
        found(part.get<std::string>().substr(start.size()));
}

/// All routes but the page's.
std::vector<route> routes_of_the_api(engine& e)
{
    auto routes = all_routes(e, everything);
    std::erase_if(routes, [](route const& each) { return each.for_browsers; });
    return routes;
}

TEST(openapi, every_route_is_described)
{
    engine e({.shards = 1});
    for (auto const& each : routes_of_the_api(e)) {
        auto const& doc = each.doc;
        EXPECT_FALSE(doc.name.empty()) << each.pattern;
        EXPECT_FALSE(doc.summary.empty()) << each.pattern;
        EXPECT_EQ(each.pattern.find("{}"), std::string_view::npos) << each.pattern;
        EXPECT_NE(doc.answers[0].status, 0) << each.pattern;
        std::set<std::pair<int, std::string_view>> answers;  // a status may have several forms
        for (auto const& answer : doc.answers) {
            if (answer.status == 0)
                continue;
            EXPECT_FALSE(answer.when.empty()) << each.pattern << answer.status;
            EXPECT_TRUE(answers.emplace(answer.status, answer.media).second)
                << each.pattern << answer.status;
        }
    }
}

TEST(openapi, every_route_is_in_the_document)
{
    engine e({.shards = 1});
    auto const routes = routes_of_the_api(e);
    auto const document = openapi_document(all_routes(e, everything), e.toxic_types(), everything);
    std::set<std::string> ids;
    for (auto const& [path, methods] : document["paths"].items())
        for (auto const& operation : methods)
            EXPECT_TRUE(ids.insert(operation["operationId"]).second) << path;
    for (auto const& each : routes) {
        EXPECT_TRUE(ids.contains(std::string(each.doc.name))) << each.pattern;
        EXPECT_EQ(document["paths"][std::string(each.pattern)].empty(), false) << each.pattern;
    }
    EXPECT_TRUE(ids.contains("ProxyUpdate_patch"));
}

TEST(openapi, every_schema_that_is_named_is_there_and_used)
{
    auto const document = document_of(everything);
    auto const& schemas = document["components"]["schemas"];
    std::set<std::string> used;
    each_reference(document, [&](std::string const& name) {
        used.insert(name);
        EXPECT_TRUE(schemas.contains(name)) << name;
    });
    for (auto const& [name, schema] : schemas.items())
        EXPECT_TRUE(used.contains(name)) << name;
}

TEST(openapi, tells_what_the_server_has)
{
    auto const has = [](api_options options, char const* path) {
        return document_of(options)["paths"].contains(path);
    };
    EXPECT_TRUE(has(everything, "/metrics"));
    EXPECT_FALSE(has({}, "/metrics"));
    auto const takes_toxics = [](api_options options) {
        auto const document = document_of(options);
        return document["components"]["schemas"]["ProxyConfig"]["properties"].contains("toxics");
    };
    EXPECT_TRUE(takes_toxics({}));
    EXPECT_FALSE(takes_toxics({.ignore_body_toxics = true}));
}

TEST(openapi, describes_a_toxic_by_its_row)
{
    static constexpr std::string_view words[] = {"fast", "slow"};
    static constexpr attribute row[] = {
        {.name = "speed",
         .summary = "how",
         .fallback = 1,
         .kind = attribute_kind::choice,
         .names = words},
        {.name = "depth",
         .unit = "m",
         .summary = "how far",
         .minimum = -3,
         .maximum = 7,
         .extra = true},
    };
    static constexpr toxic_type added{.name = "own_kind", .summary = "x", .attributes = row};
    auto types = toxic_registry::builtin();
    types.add(added);
    auto const document = document_of(everything, types);
    auto const& schemas = document["components"]["schemas"];
    auto const& taken = schemas["OwnKindAttributes"]["properties"];
    EXPECT_EQ(taken["speed"], json::parse(R"({"type": ["string", "null"], "description": "how",
        "enum": ["fast", "slow", null], "default": "slow"})"));
    EXPECT_EQ(taken["depth"], json::parse(R"({"type": ["integer", "null"],
        "description": "how far, in m", "minimum": -3, "maximum": 7, "default": 0})"));
    auto const& told = schemas["OwnKindToxic"]["properties"]["attributes"];
    EXPECT_EQ(told["required"], json::array({"speed"}));
    EXPECT_EQ(told["properties"]["depth"]["maximum"], 7);
    EXPECT_EQ(told["additionalProperties"], false);
    EXPECT_EQ(schemas["ToxicConfig"]["discriminator"]["mapping"]["own_kind"],
              "#/components/schemas/OwnKindToxicConfig");
}

TEST(openapi, is_one_of_the_extras)
{
    engine e({.shards = 1});
    api_options const plain{.extras = false};
    for (auto const& each : all_routes(e, plain))
        EXPECT_TRUE(each.pattern != "/openapi.json" && each.pattern != "/toxic-types");
}

}  // namespace
}  // namespace aconite::api
