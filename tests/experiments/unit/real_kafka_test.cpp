#include "clients/experiment/probes/faults.hpp"
#include "tests/experiments/unit/probe_kit.hpp"
#include "tests/experiments/unit/real_kit.hpp"

#include <aconite/client.hpp>

#include <librdkafka/rdkafka.h>

#include <future>

namespace aconite::experiment::probe_kit {
namespace {

using namespace std::chrono_literals;

using kafka_pairs = std::vector<std::pair<std::string, std::string>>;

/// A client of the broker itself, not of the proxy.
rd_kafka_t* direct_client(rd_kafka_type_t type, kafka_pairs const& more)
{
    auto* const conf = rd_kafka_conf_new();
    char why[256];
    kafka_pairs all = {{"bootstrap.servers", named("KAFKA_DIRECT")}};
    all.insert(all.end(), more.begin(), more.end());
    for (auto const& [name, text] : all)
        EXPECT_EQ(rd_kafka_conf_set(conf, name.c_str(), text.c_str(), why, sizeof why), 0) << why;
    rd_kafka_conf_set_log_cb(conf, nullptr);
    auto* const made = rd_kafka_new(type, conf, why, sizeof why);
    EXPECT_NE(made, nullptr) << why;
    return made;
}

void make_topic(std::string const& name, int partitions)
{
    auto* const client = direct_client(RD_KAFKA_PRODUCER, {});
    char why[256];
    auto* topic = rd_kafka_NewTopic_new(name.c_str(), partitions, 1, why, sizeof why);
    auto* const queue = rd_kafka_queue_new(client);
    rd_kafka_CreateTopics(client, &topic, 1, nullptr, queue);
    auto* const event = rd_kafka_queue_poll(queue, 20'000);
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(rd_kafka_event_error(event), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy(topic);
    rd_kafka_destroy(client);
}

/// Keys and values, each to the partition that its place in the list gives. With a transaction, it
/// is committed or aborted.
void produce(std::string const& topic, kafka_pairs const& records, int partitions,
             std::string const& transaction = {})
{
    kafka_pairs more;
    if (!transaction.empty())
        more.emplace_back("transactional.id", topic);
    auto* const client = direct_client(RD_KAFKA_PRODUCER, more);
    if (!transaction.empty()) {
        EXPECT_EQ(rd_kafka_init_transactions(client, 30'000), nullptr);
        EXPECT_EQ(rd_kafka_begin_transaction(client), nullptr);
    }
    for (std::size_t i = 0; i < records.size(); ++i)
        EXPECT_EQ(
            rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic.c_str()),
                              RD_KAFKA_V_PARTITION(static_cast<int>(i) % partitions),
                              RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_KEY(records[i].first.data(), records[i].first.size()),
                              RD_KAFKA_V_VALUE(const_cast<char*>(records[i].second.data()),
                                               records[i].second.size()),
                              RD_KAFKA_V_END),
            0);
    EXPECT_EQ(rd_kafka_flush(client, 30'000), 0);
    if (!transaction.empty()) {
        EXPECT_EQ(transaction == "commit" ? rd_kafka_commit_transaction(client, 30'000)
                                          : rd_kafka_abort_transaction(client, 30'000),
                  nullptr);
    }
    rd_kafka_destroy(client);
}

void commit(std::string const& group, std::string const& topic, std::int64_t offset)
{
    auto* const client = direct_client(RD_KAFKA_CONSUMER, {{"group.id", group}});
    auto* const list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), 0)->offset = offset;
    // The first time, the group has no coordinator yet.
    EXPECT_TRUE(comes_true([&] { return rd_kafka_commit(client, list, 0) == 0; }));
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(client);
}

/// Needs a Kafka at KAFKA_DIRECT, the same behind the proxy `kafka` of ACONITE_URL at
/// KAFKA_ADDRESS.
class real_kafka : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (!kafka_can_run)
            GTEST_SKIP() << "the thread sanitizer cannot see librdkafka's threads";
        if (named("KAFKA_ADDRESS").empty() || named("KAFKA_DIRECT").empty() ||
            named("ACONITE_URL").empty())
            GTEST_SKIP() << "KAFKA_ADDRESS, KAFKA_DIRECT and ACONITE_URL name no Kafka";
        where.servers[""].url = named("ACONITE_URL");
        topic = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    }
    [[nodiscard]] json asking(json more) const
    {
        more["topic"] = topic;
        more["brokers"] = named("KAFKA_ADDRESS");
        return more;
    }
    [[nodiscard]] value ask(json const& more) const
    {
        auto const made = make_probe("kafka", asking(more));
        EXPECT_TRUE(made);
        return value_of_look(**made, 15s);
    }
    [[nodiscard]] client::server control() const { return client::server(where.servers.at("")); }

    surroundings where;
    std::string topic;
};

TEST_F(real_kafka, counts_records_and_reads_them)
{
    make_topic(topic, 3);
    EXPECT_EQ(ask({}), value(0.0));
    EXPECT_EQ(ask({{"of", "keys"}}), value(id_list{}));
    produce(topic,
            {{"a", R"({"id": 1})"},
             {"b", R"({"id": 2})"},
             {"c", R"({"id": "x"})"},
             {"a", R"({"id": 4})"}},
            3);
    EXPECT_EQ(ask({}), value(4.0));
    EXPECT_EQ(ask({{"of", "end_offsets"}}), value(4.0));
    EXPECT_EQ(ask({{"of", "keys"}}), value(id_list{"a", "a", "b", "c"}));
    EXPECT_EQ(ask({{"of", "values"}, {"json", "/id"}}), value(id_list{"1", "4", "2", "x"}));
    EXPECT_EQ(std::get<id_list>(ask({{"of", "values"}})).at(1), R"({"id": 4})");
    auto const text = problem_of("kafka", asking({{"of", "values"}, {"json", "/no"}}), {}, 15s);
    EXPECT_NE(text.find("the value of a record has nothing at '/no'"), std::string::npos) << text;
    auto const kept = make_probe("kafka", asking({{"of", "keys"}}));
    EXPECT_EQ(std::get<id_list>(value_of_look(**kept, 15s)).size(), 4u);
    produce(topic, {{"d", "5"}}, 3);
    EXPECT_EQ(value_of_look(**kept, 15s), value(id_list{"a", "a", "d", "b", "c"}));
}

TEST_F(real_kafka, reads_many_in_time)
{
    make_topic(topic, 2);
    kafka_pairs many;
    for (int i = 0; i < 20'000; ++i)
        many.emplace_back(std::to_string(i), std::string(100, 'v'));
    produce(topic, many, 2);
    auto const kept = make_probe("kafka", asking({{"of", "keys"}}));
    EXPECT_EQ(std::get<id_list>(value_of_look(**kept, 30s)).size(), 20'000u);
    auto const took =
        time_of([&] { EXPECT_EQ(std::get<id_list>(value_of_look(**kept, 30s)).size(), 20'000u); });
    std::cout << "20,000 keys again in " << took.count() << " ms" << std::endl;
}

TEST_F(real_kafka, leaves_out_what_was_aborted_where_asked)
{
    make_topic(topic, 1);
    produce(topic, {{"a", "1"}}, 1, "commit");
    produce(topic, {{"b", "2"}}, 1, "abort");
    EXPECT_EQ(ask({{"of", "keys"}, {"isolation", "read_committed"}}), value(id_list{"a"}));
    EXPECT_EQ(ask({{"of", "keys"}}), value(id_list{"a", "b"}));
    // Two records, and two marks of transactions.
    EXPECT_EQ(ask({}), value(4.0));
}

TEST_F(real_kafka, knows_how_far_a_group_is)
{
    make_topic(topic, 1);
    produce(topic, {{"a", "1"}, {"b", "2"}, {"c", "3"}}, 1);
    EXPECT_EQ(ask({{"group", topic}}), value(3.0));
    commit(topic, topic, 2);
    EXPECT_EQ(ask({{"group", topic}}), value(1.0));
    EXPECT_EQ(ask({{"group", topic}, {"of", "lag"}}), value(1.0));
}

TEST_F(real_kafka, says_what_is_wrong)
{
    for (json const& each : {json::object(), json({{"of", "keys"}}), json({{"group", "g"}})}) {
        auto const text = problem_of("kafka", asking(each), {}, 15s);
        EXPECT_NE(text.find("topic says_what_is_wrong: there is no such topic"), std::string::npos)
            << text;
    }
    auto const text = problem_of("kafka", asking({{"properties", {{"no.such", "1"}}}}));
    EXPECT_NE(text.find("No such configuration property"), std::string::npos) << text;
}

TEST_F(real_kafka, keeps_its_time_while_its_broker_is_silent_and_is_back_when_it_is)
{
    make_topic(topic, 1);
    produce(topic, {{"a", "1"}}, 1);
    auto const kept = make_probe("kafka", asking({{"of", "keys"}}));
    EXPECT_EQ(value_of_look(**kept, 15s), value(id_list{"a"}));
    auto server = control();
    ASSERT_TRUE(server.add_toxic(
        "kafka",
        {.name = "silence", .type = "timeout", .attributes = {{"timeout", std::int64_t{0}}}}));
    result<value> seen = value(0.0);
    EXPECT_LT(time_of([&] { seen = (*kept)->look(1s); }), 1s + slack);
    ASSERT_FALSE(seen);
    EXPECT_EQ(seen.error().status, status_absent);
    EXPECT_NE(seen.error().text.find("no answer within 1 s"), std::string::npos)
        << seen.error().text;
    auto const hits = make_probe("proxy", {{"proxy", "kafka"}, {"toxic", "silence"}}, where);
    EXPECT_GT(std::get<double>(value_of_look(**hits)), 0);
    ASSERT_TRUE(server.remove_toxic("kafka", "silence"));
    EXPECT_TRUE(comes_true([&] { return static_cast<bool>((*kept)->look(1s)); }));
}

TEST_F(real_kafka, is_back_after_its_broker_was_away)
{
    make_topic(topic, 1);
    produce(topic, {{"a", "1"}}, 1);
    auto const kept = make_probe("kafka", asking({}));
    EXPECT_EQ(value_of_look(**kept, 15s), value(1.0));
    auto server = control();
    ASSERT_TRUE(server.update("kafka", {.enabled = false}));
    result<value> seen = value(0.0);
    EXPECT_LT(time_of([&] { seen = (*kept)->look(1s); }), 1s + slack);
    ASSERT_FALSE(seen);
    EXPECT_EQ(seen.error().status, status_absent) << seen.error().text;
    ASSERT_TRUE(server.update("kafka", {.enabled = true}));
    EXPECT_EQ(value_of_look(**kept, 15s), value(1.0));
    // Between two looks nobody notices at all.
    ASSERT_TRUE(server.update("kafka", {.enabled = false}));
    ASSERT_TRUE(server.update("kafka", {.enabled = true}));
    EXPECT_EQ(value_of_look(**kept, 15s), value(1.0));
}

TEST_F(real_kafka, tells_of_a_broker_that_goes_in_the_middle)
{
    make_topic(topic, 1);
    produce(topic, kafka_pairs(200, {"k", std::string(10'000, 'v')}), 1);
    auto server = control();
    // So slow that the records are on their way when it goes.
    ASSERT_TRUE(server.add_toxic(
        "kafka",
        {.name = "slow", .type = "bandwidth", .attributes = {{"rate", std::int64_t{50}}}}));
    auto const kept = make_probe("kafka", asking({{"of", "keys"}}));
    auto const bytes = make_probe("proxy", {{"proxy", "kafka"}, {"of", "bytes"}}, where);
    auto const before = std::get<double>(value_of_look(**bytes));
    auto seen = std::async(std::launch::async, [&] { return (*kept)->look(4s); });
    EXPECT_TRUE(
        comes_true([&] { return std::get<double>(value_of_look(**bytes)) > before + 50'000; }));
    ASSERT_TRUE(server.update("kafka", {.enabled = false}));
    ASSERT_EQ(seen.wait_for(10s), std::future_status::ready);
    auto const fault = seen.get();
    ASSERT_FALSE(fault);
    EXPECT_EQ(fault.error().status, status_absent) << fault.error().text;
    ASSERT_TRUE(server.remove_toxic("kafka", "slow"));
    ASSERT_TRUE(server.update("kafka", {.enabled = true}));
    EXPECT_EQ(std::get<id_list>(value_of_look(**kept, 20s)).size(), 200u);
}

/// Counters of the proxy in front of Kafka, which the tests above use too.
TEST_F(real_kafka, has_a_proxy_that_counts)
{
    auto const of = [&](std::string const& what) {
        return std::get<double>(value_of_probe("proxy", {{"proxy", "kafka"}, {"of", what}}, where));
    };
    EXPECT_EQ(value_of_probe("tcp", {{"address", named("KAFKA_ADDRESS")}}), value(1.0));
    EXPECT_TRUE(comes_true([&] { return of("connections") > 0 && of("open") == 0; }));
    EXPECT_EQ(of("refused"), 0);
    EXPECT_EQ(of("not_followed"), 0);
    EXPECT_GE(of("dial_errors"), 0);
    EXPECT_GE(of("bytes"), 0);
    EXPECT_EQ(value_of_probe("proxy", {{"proxy", "kafka"}, {"toxic", "none"}}, where), value(0.0));
    EXPECT_NE(problem_of("proxy", {{"proxy", "nobody"}}, where).find("proxy not found"),
              std::string::npos);
}

}  // namespace
}  // namespace aconite::experiment::probe_kit
