#include "api/daemon/configuration.hpp"

#include "api/daemon/repeated_task.hpp"
#include "api/json/yaml_text.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace aconite::daemon {
namespace {

/// What is told of every kind of toxic asks for the same toxic, in JSON and in YAML.
TEST(configuration, reads_back_what_is_told_of_every_toxic)
{
    engine e;
    std::vector<toxic_config> toxics;
    for (auto const* type : e.toxic_types().all()) {
        if (type->protocol != nullptr)
            continue;  // below
        toxic_config toxic{std::string(type->name), std::string(type->name)};
        toxic.toxicity = 0.3F;
        toxic.direction = type->acts_on.value_or(stream::upstream);
        if (type->attempts == nullptr) {
            toxic.aim.match = {{"client", "10.0.0.0/8"}};
            toxic.aim.trigger = {{"times", 3}};
        } else {
            toxic.toxicity = 1;
        }
        toxic.aim.ttl_ms = time_ms_max;
        toxic.aim.seed = 7;
        toxic.aim.schedule = {{5, schedule_step::action::add, {}, {}}};
        for (auto const& row : type->attributes)
            if (row.kind == attribute_kind::integer && row.maximum >= 2 && type->check == nullptr)
                toxic.attributes.emplace_back(row.name, std::max<std::int64_t>(row.minimum, 2));
        toxics.push_back(std::move(toxic));
    }
    toxic_config of_protocol{"lost", "postgres", stream::both};
    of_protocol.attributes = {{"preset", "lose_commit_ack"}, {"rate", 0.5}};
    of_protocol.aim.match = {{"client", "10.0.0.0/8"}, {"query", "^\"a: b"}};
    toxics.push_back(of_protocol);
    e.create({"p \"x\": 5", "127.0.0.1:0", "u:1", true, toxics, 9, "label", "postgres"}).value();
    toxic_config of_brokers{"gone", "kafka", stream::both};
    of_brokers.attributes = {{"preset", "leader_election"}, {"rate", 0.5}};
    of_brokers.aim.match = {{"broker", 2}, {"topic", "a: b|c"}, {"partition", 0}};
    proxy_config cluster{"q", "127.0.0.1:0", "u:1,v:2", true, {of_brokers}};
    cluster.protocol = "kafka";
    cluster.brokers = {"19093-19192", "kafka.local"};
    e.create(cluster).value();
    toxic_config of_key{"old", "redis", stream::both};
    of_key.attributes = {{"fault", "stale"}, {"age", 5000}};
    of_key.aim.match = {{"key", "user:[a-c]*\\: #"}, {"database", 3}, {"in_multi", "yes"}};
    proxy_config cache{"r", "127.0.0.1:0", "u:1", true, {of_key}};
    cache.protocol = "redis";
    e.create(cache).value();
    toxic_config of_collection{"stale", "mongodb", stream::both};
    of_collection.attributes = {{"fault", "error"}, {"error", "10107"}, {"labels", "a, b"}};
    of_collection.aim.match = {{"collection", "a: b|c"}, {"in_transaction", "no"}};
    proxy_config documents{"s", "127.0.0.1:0", "u:1", true, {of_collection}};
    documents.protocol = "mongodb";
    e.create(documents).value();
    toxic_config of_frame{"cut", "frame", stream::upstream};
    of_frame.attributes = {{"fault", "truncate"}, {"size", 7}};
    of_frame.aim.match = {{"frame", "0,7-9"}, {"hex", "^0d: #"}, {"bytes", "\\xff\r\n"}};
    proxy_config frames{"t", "127.0.0.1:0", "u:1", true, {of_frame}};
    frames.protocol = "frame";
    frames.protocol_settings = {{"frame", "delimiter"}, {"text", "\r\n: #"}, {"wait", 5}};
    e.create(frames).value();
    auto const told = api::to_json(e.proxies());
    for (auto const& text : {api::write_text(told), api::write_yaml(told)}) {
        auto const value = api::parse_yaml(text);
        ASSERT_TRUE(value) << value.error().text;
        api::ignored_members ignored;
        auto configs = api::decode_proxies(*value, {e.toxic_types()}, ignored);
        ASSERT_TRUE(configs) << configs.error().text;
        EXPECT_TRUE(ignored.empty());
        ASSERT_EQ(configs->size(), 5U);
        EXPECT_EQ((*configs)[0].toxics.size() + 4, e.toxic_types().all().size());
        EXPECT_EQ((*configs)[1].brokers, cluster.brokers);
        auto const done = e.reconfigure(*std::move(configs)).value();
        EXPECT_EQ(done.unchanged.size(), 5U) << text;
    }
}

TEST(repeated_task, runs_once_more_for_all_who_ask_meanwhile)
{
    std::atomic<int> begun = 0;
    std::promise<void> go_on;
    auto const may_go_on = go_on.get_future().share();
    repeated_task task([&] {
        ++begun;
        may_go_on.wait();
    });
    task.ask();
    while (begun == 0)
        std::this_thread::yield();
    for (int i = 0; i < 1000; ++i)
        task.ask();
    go_on.set_value();
    while (begun < 2)
        std::this_thread::yield();
    EXPECT_TRUE(task.stop(std::chrono::seconds(20)));
    EXPECT_EQ(begun, 2);
}

TEST(repeated_task, does_not_wait_longer_than_its_patience)
{
    std::promise<void> begun;
    std::promise<void> go_on;
    repeated_task task([&] {
        begun.set_value();
        go_on.get_future().wait();
    });
    task.ask();
    begun.get_future().wait();
    EXPECT_FALSE(task.stop(std::chrono::milliseconds(10)));
    go_on.set_value();
    EXPECT_TRUE(task.stop(std::chrono::seconds(20)));
}

TEST(repeated_task, that_nobody_asks_for_stops_at_once)
{
    repeated_task task([] { FAIL(); });
    EXPECT_TRUE(task.stop(std::chrono::seconds(20)));
}

}  // namespace
}  // namespace aconite::daemon
