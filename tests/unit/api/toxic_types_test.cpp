#include "api/routes/handlers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace aconite::api {
namespace {

json toxic_types()
{
    engine e({.shards = 1});
    request const asked(http::verb::get, "/toxic-types", 11);
    router const routes(toxic_type_routes(e));
    return json::parse(follow(routes.find(asked), asked, {}).answer.body());
}

json named(json const& list, char const* name)
{
    return *std::ranges::find_if(list, [&](json const& each) { return each["name"] == name; });
}

TEST(toxic_types, lists_every_type_with_its_streams)
{
    auto const toxics = toxic_types()["toxics"];
    EXPECT_EQ(toxics.size(), toxic_registry::builtin().all().size());
    EXPECT_EQ(named(toxics, "latency")["streams"], json::array({"upstream", "downstream", "both"}));
    EXPECT_EQ(named(toxics, "accept")["streams"], json::array({"upstream"}));
    EXPECT_EQ(named(toxics, "partition")["streams"], json::array({"both"}));
    EXPECT_EQ(named(toxics, "noop")["attributes"], json::array());
}

TEST(toxic_types, tells_of_an_attribute_what_a_form_needs)
{
    auto const toxics = toxic_types()["toxics"];
    auto const accept = named(toxics, "accept")["attributes"];
    EXPECT_EQ(named(accept, "delay"),
              json::parse(R"({"name": "delay", "kind": "integer", "unit": "ms",
                  "summary": "in mode delay: from the accept to the dial",
                  "default": 0, "minimum": 0, "maximum": 1000000000000})"));
    EXPECT_EQ(named(accept, "rate")["kind"], "number");
    EXPECT_EQ(named(accept, "rate")["default"], 1);
    auto const mode = named(accept, "mode");
    EXPECT_EQ(mode["choices"], json::array({"refuse", "blackhole", "delay", "reset"}));
    EXPECT_EQ(mode["default"], "refuse");
    EXPECT_FALSE(mode.contains("minimum"));
}

TEST(toxic_types, tells_the_rows_of_a_match_and_a_trigger)
{
    auto const types = toxic_types();
    EXPECT_EQ(named(types["match"], "client")["kind"], "text");
    EXPECT_EQ(named(types["trigger"], "scope")["choices"], json::array({"toxic", "connection"}));
}

}  // namespace
}  // namespace aconite::api
