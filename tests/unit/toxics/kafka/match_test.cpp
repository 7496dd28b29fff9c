// Which requests a toxic acts on.
#include "tests/unit/toxics/kafka/messages.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::kf;

saying const two{{{"orders", {{0}, {3}}}, {"order.created", {{1}}}},
                 {{"Acks", -1}},
                 {{"ClientId", "till-7"},
                  {"TransactionalId", "tx-1"},
                  {"V3AndBelowTransactionalId", "tx-1"},
                  {"GroupId", "shop"}},
                 {{"Groups", 1}, {"Transactions", 1}}};

/// How many of these requests it acts on, of all topics of which ids are known.
std::size_t hits(attribute_list const& match, std::string const& bytes)
{
    session line;
    line.learn({"orders", "order.created"});
    line.add({{"fault", "throttle"}, {"throttle", 1}}, match);
    line.client(bytes);
    EXPECT_EQ(line.to_server().size(), bytes.size());
    return line.hits.size();
}

TEST(kafka_match, by_api_name_or_key)
{
    auto const all = request(produce, 9, 1, two) + request(fetch, 12, 2, two) +
                     request(metadata, 12, 3, two) + request(end_txn, 3, 4, two);
    EXPECT_EQ(hits({}, all), 4U);
    EXPECT_EQ(hits({{"api", "Produce"}}, all), 1U);
    EXPECT_EQ(hits({{"api", "produce, FETCH"}}, all), 2U);
    EXPECT_EQ(hits({{"api", "0,26"}}, all), 2U);
    EXPECT_EQ(hits({{"api", "3"}}, all), 1U);
    EXPECT_EQ(hits({{"api", "Heartbeat,2"}}, all), 0U);
}

TEST(kafka_match, by_topic_of_which_the_pattern_fits_all)
{
    for (auto const key : {produce, fetch, list_offsets, offset_commit, offset_fetch,
                           offset_for_leader_epoch, txn_offset_commit, delete_records, metadata})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            SCOPED_TRACE(std::to_string(key) + " v" + std::to_string(version));
            auto const one = request(key, version, 1, two);
            EXPECT_EQ(hits({{"topic", "orders"}}, one), 1U);
            EXPECT_EQ(hits({{"topic", "order.created"}}, one), 1U);
            EXPECT_EQ(hits({{"topic", "order\\..*"}}, one), 1U);
            EXPECT_EQ(hits({{"topic", "order"}}, one), 0U);
            EXPECT_EQ(hits({{"topic", "created"}}, one), 0U);
            EXPECT_EQ(hits({{"topic", "ORDERS"}}, one), 0U);
            EXPECT_EQ(hits({{"topic", "a|orders|b"}}, one), 1U);
        }
}

TEST(kafka_match, by_topic_and_partition_of_the_same)
{
    for (auto const key : {produce, fetch, list_offsets, offset_commit, offset_fetch,
                           offset_for_leader_epoch, txn_offset_commit, delete_records})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            SCOPED_TRACE(std::to_string(key) + " v" + std::to_string(version));
            auto const one = request(key, version, 1, two);
            EXPECT_EQ(hits({{"topic", "orders"}, {"partition", 3}}, one), 1U);
            EXPECT_EQ(hits({{"topic", "orders"}, {"partition", 1}}, one), 0U);
            EXPECT_EQ(hits({{"topic", "order.created"}, {"partition", 1}}, one), 1U);
            EXPECT_EQ(hits({{"partition", 3}}, one), 1U);
            EXPECT_EQ(hits({{"partition", 2}}, one), 0U);
            EXPECT_EQ(hits({{"partition", 0}}, one), 1U);
        }
}

TEST(kafka_match, by_who_asks)
{
    for (auto const key :
         {produce, init_producer_id, add_partitions_to_txn, end_txn, txn_offset_commit})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            if (key == produce && version < 3)
                continue;  // without one
            SCOPED_TRACE(std::to_string(key) + " v" + std::to_string(version));
            auto const one = request(key, version, 1, two);
            EXPECT_EQ(hits({{"transactional_id", "tx-.*"}}, one), 1U);
            EXPECT_EQ(hits({{"transactional_id", "tx"}}, one), 0U);
            EXPECT_EQ(hits({{"client_id", "till-[0-9]"}}, one), 1U);
            EXPECT_EQ(hits({{"client_id", "till"}}, one), 0U);
        }
    for (auto const key : {join_group, sync_group, heartbeat, group_heartbeat, txn_offset_commit,
                           offset_commit, offset_fetch, add_offsets_to_txn})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            SCOPED_TRACE(std::to_string(key) + " v" + std::to_string(version));
            auto const one = request(key, version, 1, two);
            EXPECT_EQ(hits({{"group", "shop"}}, one), 1U);
            EXPECT_EQ(hits({{"group", "sho"}}, one), 0U);
        }
}

TEST(kafka_match, by_whose_coordinator_is_asked_for)
{
    for (std::int16_t version = 0; version <= newest(find_coordinator); ++version)
        for (int const type : {0, 1}) {
            if (version == 0 && type == 1)
                continue;
            auto const one = request(find_coordinator, version, 1,
                                     {{},
                                      {{"KeyType", type}},
                                      {{"Key", "k"}, {"CoordinatorKeys", "k"}},
                                      {{"CoordinatorKeys", 1}}});
            EXPECT_EQ(hits({{"group", "k"}}, one), type == 0 ? 1U : 0U) << version;
            EXPECT_EQ(hits({{"transactional_id", "k"}}, one), type == 1 ? 1U : 0U) << version;
        }
}

TEST(kafka_match, by_acks)
{
    for (std::int16_t version = 0; version <= newest(produce); ++version)
        for (auto const& [acks, name] :
             std::vector<std::pair<int, std::string>>{{-1, "all"}, {0, "0"}, {1, "1"}}) {
            auto const one = request(produce, version, 1, {{{"t", {{0}}}}, {{"Acks", acks}}});
            for (std::string const wanted : {"all", "0", "1"})
                EXPECT_EQ(hits({{"acks", wanted}, {"api", "Produce"}}, one),
                          wanted == name ? 1U : 0U);
        }
}

TEST(kafka_match, tells_what_it_acted_on)
{
    session line;
    line.learn({"orders", "order.created"});
    line.add({{"fault", "throttle"}, {"throttle", 1}});
    line.client(request(produce, 13, 1, two));
    EXPECT_EQ(line.hit(), "api=Produce topic=orders,order.created partition=0,3,1 client_id=till-7 "
                          "transactional_id=tx-1 acks=all");
    line.client(request(heartbeat, 4, 1, two));
    EXPECT_EQ(line.hit(1), "api=Heartbeat client_id=till-7 group=shop");
}

TEST(kafka_match, ids_are_known_of_all_connections_of_a_proxy)
{
    auto const common = kafka::protocol.common();
    session one(common);
    session other(common);
    other.add({{"fault", "error"}, {"error", "NOT_LEADER_OR_FOLLOWER"}}, {{"topic", "orders"}});
    other.client(request(produce, 13, 1, two));
    EXPECT_EQ(other.hits.size(), 0U);
    one.learn({"orders"});
    other.client(request(produce, 13, 2, two));
    EXPECT_EQ(other.hits.size(), 1U);
}

TEST(kafka_match, a_metadata_of_all_topics_is_about_those_that_are_known)
{
    for (std::int16_t version = 0; version <= newest(metadata); ++version) {
        session line;
        line.add({{"fault", "no_leader"}}, {{"topic", "orders"}});
        line.client(request(metadata, version, 1, two));
        line.server(answer(metadata, version, 1, known({{"orders", {{0}}}})));
        EXPECT_EQ(line.hits.size(), 1U);
        // All are asked for by an empty list at first, and then by none.
        auto const none = request(metadata, version, 2, {});
        line.client(none);
        EXPECT_EQ(line.hits.size(), version == 0 ? 2U : 1U) << version;
        if (version == 0)
            continue;
        auto all = none;
        auto const list =
            all.find(version < 9 ? std::string(4, '\0') : std::string("\1"), version < 9 ? 14 : 15);
        all.replace(list, version < 9 ? 4 : 1,
                    version < 9 ? std::string(4, '\xff') : std::string(1, '\0'));
        line.client(all);
        EXPECT_EQ(line.hits.size(), 2U) << version;
    }
}

TEST(kafka_match, only_some_partitions_of_an_answer_are_changed)
{
    // In another order than they were asked for, and with one that was not.
    session line;
    line.add({{"preset", "leader_election"}}, {{"topic", "a|c"}, {"partition", 1}});
    saying asked{{{"a", {{0}, {1}, {2}}}, {"b", {{1}}}, {"c", {{1}}}}, {{"Acks", 1}}};
    line.client(request(produce, 8, 1, asked));
    ASSERT_EQ(line.hits.size(), 1U);
    EXPECT_EQ(line.hits[0][0].second, "Produce");
    EXPECT_EQ(line.hits[0][1].second, "a,c");
    EXPECT_EQ(line.hits[0][2].second, "1");
    asked.topics[0].partitions[1].number = nowhere;
    asked.topics[2].partitions[0].number = nowhere - 1;
    EXPECT_EQ(line.to_server(), request(produce, 8, 1, asked));
    numbers const none{{"ErrorCode", 3}, {"BaseOffset", -1}};
    numbers const moved{
        {"ErrorCode", 6}, {"BaseOffset", -1}, {"LogAppendTimeMs", -1}, {"LogStartOffset", -1}};
    line.server(answer(produce, 8, 1,
                       {{{"c", {{nowhere - 1, none}}},
                         {"b", {{1}}},
                         {"a", {{2}, {nowhere, none}, {nowhere - 5, none}, {0}}}}}));
    EXPECT_EQ(line.to_client(), answer(produce, 8, 1,
                                       {{{"c", {{1, moved}}},
                                         {"b", {{1}}},
                                         {"a", {{2}, {1, moved}, {nowhere - 5, none}, {0}}}}}));
}

}  // namespace
