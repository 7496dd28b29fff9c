#include "clients/cpp/codec.hpp"

#include <gtest/gtest.h>

namespace aconite::client::codec {
namespace {

using nlohmann::json;

TEST(client_codec, reads_a_proxy_with_its_toxics)
{
    auto const proxy = to_proxy(json::parse(R"({
        "name": "redis", "listen": "127.0.0.1:1", "upstream": "db:2", "enabled": true, "new": 1,
        "toxics": [{"name": "slow", "type": "latency", "stream": "UPSTREAM", "toxicity": 0.2,
                    "attributes": {"latency": 5, "jitter": 0}}]})"));

    EXPECT_EQ(proxy.name, "redis");
    EXPECT_EQ(proxy.listen, "127.0.0.1:1");
    EXPECT_EQ(proxy.upstream, "db:2");
    EXPECT_TRUE(proxy.enabled);
    ASSERT_EQ(proxy.toxics.size(), 1u);
    EXPECT_EQ(proxy.toxics[0].direction, stream::upstream);
    EXPECT_EQ(proxy.toxics[0].toxicity, 0.2F);
    EXPECT_EQ(proxy.toxics[0].attributes, (attribute_list{{"jitter", 0}, {"latency", 5}}));
}

TEST(client_codec, reads_the_effective_mode_of_a_toxic_that_has_one)
{
    auto object = json::parse(R"({"name": "t", "type": "loss", "stream": "upstream",
                                  "toxicity": 1, "attributes": {}})");
    EXPECT_EQ(to_toxic(object).effective_mode, std::nullopt);
    object["effective_mode"] = "kernel";
    EXPECT_EQ(to_toxic(object).effective_mode, "kernel");
}

TEST(client_codec, attributes_of_every_kind_go_there_and_back)
{
    attribute_list const all{
        {"a", 1},     {"b", 0.5},  {"c", "x"}, {"d", named_numbers{{"p50", 1.5}, {"p99", 2}}},
        {"e", false}, {"f", true},
    };
    toxic_config config;
    config.type = "latency";
    config.attributes = all;
    auto object = to_json(config);
    EXPECT_EQ(dump(object["attributes"]),
              R"({"a":1,"b":0.5,"c":"x","d":{"p50":1.5,"p99":2.0},"e":false,"f":true})");
    object["name"] = "t";
    EXPECT_EQ(to_toxic(object).attributes, all);
}

TEST(client_codec, each_stream_goes_there_and_back)
{
    for (auto const each : {stream::upstream, stream::downstream, stream::both}) {
        toxic_config config;
        config.type = "partition";
        config.direction = each;
        auto object = to_json(config);
        EXPECT_EQ(object["stream"], to_text(each));
        object["name"] = "t";
        EXPECT_EQ(to_toxic(object).direction, each);
    }
}

TEST(client_codec, seed_and_label_of_a_proxy_go_there_and_back)
{
    proxy_config config;
    config.name = "redis";
    EXPECT_FALSE(to_json(config).contains("seed"));
    EXPECT_FALSE(to_json(config).contains("label"));
    EXPECT_EQ(to_proxy(to_json(config)).seed, std::nullopt);
    config.seed = 0;
    config.label = "checkout";
    EXPECT_EQ(to_proxy(to_json(config)).seed, 0u);
    EXPECT_EQ(to_proxy(to_json(config)).label, "checkout");
    proxy_patch patch;
    patch.label = "";
    EXPECT_EQ(dump(to_json(patch)), R"({"label":""})");
}

TEST(client_codec, does_not_invent_a_field_that_the_server_left_out)
{
    EXPECT_THROW(to_proxy(json::parse(R"({"name": "redis"})")), json::exception);
}

TEST(client_codec, writes_toxicity_as_it_was_typed)
{
    toxic_config config;
    config.type = "latency";
    config.toxicity = 0.2F;
    config.attributes = {{"latency", 1000000}};
    EXPECT_EQ(dump(to_json(config)),
              R"({"attributes":{"latency":1000000},"stream":"downstream","toxicity":0.2,)"
              R"("type":"latency"})");
}

TEST(client_codec, sends_only_what_a_patch_changes)
{
    proxy_patch off;
    off.enabled = false;
    EXPECT_EQ(dump(to_json(off)), R"({"enabled":false})");
    EXPECT_EQ(dump(to_json(toxic_patch{})), R"({"attributes":{}})");
}

TEST(client_codec, survives_a_name_that_is_not_utf8)
{
    EXPECT_EQ(dump(json("\xFF")), "\"\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace aconite::client::codec
