// Errors, before the broker executes a request and after, in every version.
#include "tests/unit/toxics/kafka/partitions.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::kf;

TEST(kafka_fault, an_error_before_is_the_brokers_for_a_partition_that_is_none)
{
    for (auto const& each : of_partitions())
        ask_for_three(each, {{"fault", "error"}, {"error", "NOT_LEADER_OR_FOLLOWER"}}, true,
                      refused, with_error(not_leader), __LINE__);
}

TEST(kafka_fault, an_error_after_takes_the_place_of_what_the_broker_says)
{
    attribute_list const after{
        {"fault", "error"}, {"error", "NOT_LEADER_OR_FOLLOWER"}, {"apply", "after"}};
    for (auto const& each : of_partitions()) {
        // A Fetch executes nothing, and brokers tell no records beside an error.
        if (each.key == fetch)
            ask_for_three(each, after, true, refused, with_error(not_leader), __LINE__);
        else
            ask_for_three(each, after, false, {{"BaseOffset", 7}, {"HighWatermark", 9}},
                          with_error(not_leader), __LINE__);
    }
}

TEST(kafka_fault, a_fenced_producer_is_told_so_as_its_version_says_it)
{
    struct one {
        std::int16_t api;
        std::int16_t since;
    };
    for (auto const& of : {one{init_producer_id, 4}, one{add_offsets_to_txn, 2}, one{end_txn, 2}})
        for (std::int16_t version = 0; version <= newest(of.api); ++version) {
            session line;
            line.add({{"fault", "error"}, {"error", "PRODUCER_FENCED"}},
                     {{"api", std::to_string(of.api)}});
            line.client(request(of.api, version, 1, {}));
            line.server(answer(of.api, version, 1, {{}, {{"ErrorCode", 49}}}));
            EXPECT_EQ(
                line.to_client(),
                answer(of.api, version, 1, {{}, {{"ErrorCode", version < of.since ? 47 : 90}}}));
        }
}

TEST(kafka_fault, an_error_of_a_fetch_waits_for_nothing_new)
{
    for (std::int16_t version = 0; version <= newest(fetch); ++version) {
        session line;
        line.learn({"a", "b"});
        line.add({{"preset", "leader_election"}}, {{"topic", "a"}});
        saying asked{{{"a", {{0}}}, {"b", {{0}}}}, {{"MaxWaitMs", 500}, {"MaxBytes", 100}}};
        line.client(request(fetch, version, 1, asked));
        asked.topics[0].partitions[0].number = nowhere;
        asked.numbers["MaxWaitMs"] = 0;
        EXPECT_EQ(line.to_server(), request(fetch, version, 1, without_session(asked, fetch)))
            << version;
    }
}

TEST(kafka_fault, an_error_of_a_request_that_is_refused)
{
    struct one {
        std::int16_t key;
        std::string_view number;
        std::int64_t value;
    };
    for (auto const& [key, number, value] :
         {one{join_group, "SessionTimeoutMs", 0}, one{sync_group, "GenerationId", INT32_MAX},
          one{heartbeat, "GenerationId", INT32_MAX}, one{group_heartbeat, "MemberEpoch", INT32_MAX},
          one{init_producer_id, "TransactionTimeoutMs", INT32_MAX},
          one{add_offsets_to_txn, "ProducerId", INT64_MAX}, one{end_txn, "ProducerId", INT64_MAX}})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            SCOPED_TRACE(std::to_string(key) + " v" + std::to_string(version));
            session line;
            line.add({{"fault", "error"}, {"error", "NOT_COORDINATOR"}},
                     {{"api", std::to_string(key)}});
            line.client(request(key, version, 1, {{}, {{number, 5}}}));
            EXPECT_EQ(line.to_server(), request(key, version, 1, {{}, {{number, value}}}));
            line.server(answer(key, version, 1, {{}, {{"ErrorCode", 22}}}));
            EXPECT_EQ(line.to_client(), answer(key, version, 1, {{}, {{"ErrorCode", 16}}}));
            EXPECT_TRUE(line.told.empty());
        }
}

TEST(kafka_fault, what_cannot_be_refused_is_told)
{
    session line;
    line.add({{"fault", "error"}, {"error", "NOT_COORDINATOR"}}, {{"api", "LeaveGroup"}});
    line.client(request(13, 4, 1));
    EXPECT_EQ(line.to_server(), request(13, 4, 1));
    EXPECT_EQ(line.told, std::vector<std::string>{"executed: there is no way to refuse it"});
    line.server(answer(13, 4, 1));
    EXPECT_EQ(line.to_client(), answer(13, 4, 1, {{}, {{"ErrorCode", 16}}}));
}

TEST(kafka_fault, an_error_of_what_only_reads)
{
    for (auto const key : {metadata, find_coordinator, api_versions, offset_fetch, describe_topics})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            SCOPED_TRACE(std::to_string(key) + " v" + std::to_string(version));
            if (key == find_coordinator && version >= 4)
                continue;  // below
            session line;
            line.learn({"a", "b"});
            line.add({{"fault", "error"}, {"error", "COORDINATOR_NOT_AVAILABLE"}},
                     {{"topic", key == find_coordinator || key == api_versions ? ".*" : "a"},
                      {"api", std::to_string(key)}});
            // What unknown fields hold depends on how many there are before.
            bool const tells_topics = key == metadata || key == describe_topics;
            saying const asked{
                {{"a", {{0}, {1}}}, {"b", {{0}}}}, {}, {}, {{"Groups", 1}}, !tells_topics};
            line.client(request(key, version, 1, asked));
            EXPECT_EQ(line.to_server(), request(key, version, 1, asked));
            ASSERT_EQ(line.hits.size(), 1U);
            auto told = asked;
            line.server(answer(key, version, 1, told));
            if (tells_topics) {
                told.topics[0].numbers["ErrorCode"] = 15;
                told.topics[0].partitions.clear();
            } else if (key == offset_fetch)
                for (auto& each : told.topics[0].partitions)
                    each.numbers["ErrorCode"] = 15;
            else
                told.numbers["ErrorCode"] = 15;
            EXPECT_EQ(line.to_client(), answer(key, version, 1, told));
            EXPECT_TRUE(line.told.empty());
        }
}

TEST(kafka_fault, a_client_that_is_to_start_over_is_told_so_beside_its_topics)
{
    constexpr std::int16_t since = 13;
    for (std::int16_t version = 0; version <= newest(metadata); ++version) {
        SCOPED_TRACE(version);
        session line;
        line.add({{"fault", "error"}, {"error", "REBOOTSTRAP_REQUIRED"}}, {{"api", "Metadata"}});
        saying const asked{{{"a", {{0}, {1}}}}};
        line.client(request(metadata, version, 1, asked));
        auto told = asked;
        line.server(answer(metadata, version, 1, told));
        if (version >= since)
            told.numbers["ErrorCode"] = 129;
        EXPECT_EQ(line.to_client(), answer(metadata, version, 1, told));
    }
}

TEST(kafka_fault, an_error_of_each_coordinator)
{
    for (std::int16_t version = 0; version <= newest(find_coordinator); ++version) {
        session line;
        line.add({{"preset", "coordinator_moved"}}, {{"api", "FindCoordinator"}, {"group", "g"}});
        line.client(
            request(find_coordinator, version, 1,
                    {{}, {}, {{"Key", "g"}, {"CoordinatorKeys", "g"}}, {{"CoordinatorKeys", 1}}}));
        ASSERT_EQ(line.hits.size(), 1U) << version;
        line.server(answer(find_coordinator, version, 1, {{}, {}, {}, {{"Coordinators", 2}}}));
        EXPECT_EQ(line.to_client(), answer(find_coordinator, version, 1,
                                           {{}, {{"ErrorCode", 16}}, {}, {{"Coordinators", 2}}}));
    }
}

TEST(kafka_fault, a_partition_that_cannot_be_added_keeps_the_others_out)
{
    for (std::int16_t version = 0; version <= 3; ++version) {
        session line;
        line.add({{"fault", "error"}, {"error", "TOPIC_AUTHORIZATION_FAILED"}},
                 {{"api", "AddPartitionsToTxn"}, {"topic", "a"}});
        saying const asked{{{"a", {{0}}}, {"b", {{0}, {1}}}}, {{"V3AndBelowProducerId", 3}}};
        line.client(request(add_partitions_to_txn, version, 1, asked));
        EXPECT_EQ(line.to_server(), request(add_partitions_to_txn, version, 1,
                                            {asked.topics, {{"V3AndBelowProducerId", INT64_MAX}}}));
        numbers const mapping{{"PartitionErrorCode", 49}};
        line.server(answer(add_partitions_to_txn, version, 1,
                           {{{"a", {{0, mapping}}}, {"b", {{0, mapping}, {1, mapping}}}}}));
        numbers const not_attempted{{"PartitionErrorCode", 55}};
        EXPECT_EQ(line.to_client(), answer(add_partitions_to_txn, version, 1,
                                           {{{"a", {{0, {{"PartitionErrorCode", 29}}}}},
                                             {"b", {{0, not_attempted}, {1, not_attempted}}}}}));
    }
}

TEST(kafka_fault, topics_are_not_created)
{
    for (std::int16_t version = 1; version <= newest(create_topics); ++version) {
        session line;
        line.add({{"fault", "error"}, {"error", "POLICY_VIOLATION"}},
                 {{"api", "CreateTopics"}, {"topic", "a|b"}});
        saying const asked{{{"a"}, {"b"}}};
        line.client(request(create_topics, version, 1, asked));
        EXPECT_EQ(line.to_server(),
                  request(create_topics, version, 1, {asked.topics, {{"validateOnly", 1}}}));
        line.server(answer(create_topics, version, 1, asked));
        numbers const error{{"ErrorCode", 44}};
        EXPECT_EQ(line.to_client(),
                  answer(create_topics, version, 1, {{{"a", {}, error}, {"b", {}, error}}}));
        EXPECT_TRUE(line.told.empty());

        // With one that the toxic is not for they are, since that one has to be.
        line.client(request(create_topics, version, 2, {{{"a"}, {"c"}}}));
        EXPECT_EQ(line.to_server(), request(create_topics, version, 2, {{{"a"}, {"c"}}}));
        EXPECT_EQ(line.told, std::vector<std::string>{"executed: there is no way to refuse it"});
        line.server(answer(create_topics, version, 2, {{{"a"}, {"c"}}}));
        EXPECT_EQ(line.to_client(), answer(create_topics, version, 2, {{{"a", {}, error}, {"c"}}}));
    }
}

}  // namespace
