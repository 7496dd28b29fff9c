#include "clients/cpp/aim_codec.hpp"

#include "clients/cpp/codec.hpp"

#include <gtest/gtest.h>

namespace aconite::client::codec {
namespace {

using nlohmann::json;
using action = schedule_step::action;

json const aimed = json::parse(R"({
    "match": {"client": "10.0.0.0/8", "every": 2}, "trigger": {"after_hits": 10, "scope": "toxic"},
    "ttl": 5000, "seed": 9223372036854775807, "lease": "abc",
    "schedule": [{"at": 0, "add": true},
                 {"at": 5, "update": {"toxicity": 0.2, "attributes": {"rate": 0.5}}},
                 {"at": 7, "remove": true}]})");

TEST(client_aim_codec, all_of_it_goes_there_and_back)
{
    auto const aim = to_aim(aimed);
    EXPECT_EQ(aim.match, (attribute_list{{"client", "10.0.0.0/8"}, {"every", 2}}));
    EXPECT_EQ(aim.trigger, (attribute_list{{"after_hits", 10}, {"scope", "toxic"}}));
    EXPECT_EQ(aim.ttl_ms, 5000);
    EXPECT_EQ(aim.seed, 9223372036854775807u);
    EXPECT_EQ(aim.lease, "abc");
    ASSERT_TRUE(aim.schedule);
    ASSERT_EQ(aim.schedule->size(), 3u);
    auto const& steps = *aim.schedule;
    EXPECT_EQ(steps[0].what, action::add);
    EXPECT_EQ(steps[1].what, action::update);
    EXPECT_EQ(steps[1].at_ms, 5);
    EXPECT_EQ(steps[1].toxicity, 0.2F);
    EXPECT_EQ(steps[1].attributes, (attribute_list{{"rate", 0.5}}));
    EXPECT_EQ(steps[2].what, action::remove);
    EXPECT_EQ(steps[2].at_ms, 7);

    auto written = json::object();
    append_aim(written, aim);
    EXPECT_EQ(written, aimed);
}

TEST(client_aim_codec, a_toxic_of_a_toxiproxy_server_has_none_of_it)
{
    auto const toxic = to_toxic(json::parse(R"({"name": "t", "type": "noop", "stream": "upstream",
                                                "toxicity": 1, "attributes": {}})"));
    EXPECT_TRUE(toxic.active);
    auto written = json::object();
    append_aim(written, toxic.aim);
    EXPECT_EQ(written, json::object());
}

TEST(client_aim_codec, is_a_part_of_toxics_and_of_their_patches)
{
    toxic_config config;
    config.type = "loss";
    config.aim = to_aim(aimed);
    auto object = to_json(config);
    object["name"] = "t";
    object["active"] = false;
    auto const toxic = to_toxic(object);
    EXPECT_EQ(toxic.aim.match, config.aim.match);
    EXPECT_FALSE(toxic.active);

    toxic_patch patch;
    patch.aim.ttl_ms = 0;
    patch.aim.schedule.emplace();
    EXPECT_EQ(dump(to_json(patch)), R"({"attributes":{},"schedule":[],"ttl":0})");
}

TEST(client_aim_codec, ignores_what_it_does_not_know)
{
    auto const aim = to_aim(json::parse(R"({
        "match": {"zones": ["a"], "every": 2},
        "schedule": [{"at": 1, "pause": true}, {"at": 2, "update": {"new": 1}}]})"));
    EXPECT_EQ(aim.match, (attribute_list{{"every", 2}}));
    ASSERT_EQ(aim.schedule->size(), 1u);
    EXPECT_EQ(aim.schedule->front().at_ms, 2);
}

TEST(client_aim_codec, does_not_take_one_thing_for_another)
{
    for (auto const* text : {R"({"ttl": "1"})", R"({"seed": []})", R"({"schedule": [{}]})",
                             R"({"schedule": [{"at": 1, "update": 5}]})"})
        EXPECT_THROW(to_aim(json::parse(text)), json::exception) << text;
}

}  // namespace
}  // namespace aconite::client::codec
