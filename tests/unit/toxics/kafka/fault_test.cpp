// Each fault, before the broker executes a request and after, in every version.
#include "tests/unit/toxics/kafka/messages.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::kf;
using namespace std::chrono_literals;

constexpr std::int16_t not_leader = 6;
constexpr std::int16_t unknown_partition = 3;

/// What brokers say beside an error.
numbers const refused{{"ErrorCode", unknown_partition},
                      {"BaseOffset", -1},
                      {"LogAppendTimeMs", -1},
                      {"LogStartOffset", -1},
                      {"HighWatermark", -1},
                      {"LastStableOffset", -1},
                      {"Timestamp", -1},
                      {"Offset", -1}};
numbers with_error(std::int64_t code, numbers all = refused)
{
    all["ErrorCode"] = code;
    all["PartitionErrorCode"] = code;
    return all;
}

/// A request as the broker gets it while there are toxics, if they do nothing to it.
saying without_session(saying what, std::int16_t key)
{
    if (key == fetch)
        what.numbers["SessionEpoch"] = -1;
    return what;
}

saying const three{{{"orders", {{0}, {1}}}, {"payments", {{1}}}},
                   {{"Acks", -1}, {"MaxBytes", 100}}};

struct api_versions_of {
    std::int16_t key;
    std::int16_t version;
};
/// All versions of all requests that name the partitions they are about.
std::vector<api_versions_of> of_partitions()
{
    std::vector<api_versions_of> all;
    for (auto const key : {produce, fetch, list_offsets, offset_commit, delete_records,
                           offset_for_leader_epoch, txn_offset_commit})
        for (std::int16_t version = 0; version <= newest(key); ++version)
            all.push_back({key, version});
    return all;
}

/// Asks for three partitions with a toxic on one of them. `moved`: the broker is asked for none
/// that there is in its place, and `told` is what it says of that. What the client reads.
void ask_for_three(api_versions_of const& of, attribute_list const& attributes, bool moved,
                   numbers const& told, numbers const& expected, int line_number)
{
    auto const trace = std::to_string(of.key) + " v" + std::to_string(of.version);
    testing::ScopedTrace const scope(__FILE__, line_number, trace);
    session line;
    line.learn({"orders", "payments"});
    line.add(attributes, {{"topic", "orders"}, {"partition", 1}, {"api", std::to_string(of.key)}});
    auto sent = three;
    line.client(request(of.key, of.version, 1, sent));
    if (moved)
        sent.topics[0].partitions[1].number = nowhere;
    ASSERT_EQ(line.to_server(), request(of.key, of.version, 1, without_session(sent, of.key)));
    ASSERT_EQ(line.hits.size(), 1U);
    auto answered = three;
    answered.topics[0].partitions[1] = {moved ? nowhere : 1, told};
    line.server(answer(of.key, of.version, 1, answered));
    answered.topics[0].partitions[1] = {1, expected};
    ASSERT_EQ(line.to_client(), answer(of.key, of.version, 1, answered));
    EXPECT_TRUE(line.told.empty());
    EXPECT_TRUE(line.unknown.empty());
}

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

TEST(kafka_fault, false_acknowledgements_tell_an_offset)
{
    for (auto const& each : of_partitions()) {
        if (each.key != produce && each.key != offset_commit)
            continue;
        auto expected = refused;
        expected["ErrorCode"] = 0;
        expected["BaseOffset"] = 0;
        expected["LogStartOffset"] = 0;
        ask_for_three(each, {{"fault", "fake_ack"}}, true, refused, expected, __LINE__);
    }
}

TEST(kafka_fault, false_acknowledgements_go_on_from_the_last_offset)
{
    for (std::int16_t version = 0; version <= newest(produce); ++version) {
        session line;
        line.learn({"t"});
        auto const id = line.add({{"preset", "lost_event"}}, {{"partition", 4}, {"topic", "t"}});
        auto const round = [&](std::int32_t asked, saying const& told) {
            line.client(request(produce, version, 1, {{{"t", {{asked}}}}, {{"Acks", 1}}}));
            line.server(answer(produce, version, 1, told));
            line.to_server();
            return line.to_client();
        };
        line.remove(id);
        line.add({{"preset", "lost_event"}}, {{"partition", 4}, {"topic", "other"}});
        round(4, {{{"t", {{4, {{"BaseOffset", 41}}}}}}});  // what is real is known
        line.add({{"preset", "lost_event"}}, {{"partition", 4}, {"topic", "t"}});
        for (std::int64_t offset = 42; offset < 45; ++offset) {
            auto expected = refused;
            expected["ErrorCode"] = 0;
            expected["BaseOffset"] = offset;
            expected["LogStartOffset"] = 0;
            EXPECT_EQ(round(4, {{{"t", {{nowhere, refused}}}}}),
                      answer(produce, version, 1, {{{"t", {{4, expected}}}}}));
        }
    }
}

TEST(kafka_fault, false_acknowledgements_of_a_commit)
{
    for (std::int16_t version = 0; version <= newest(end_txn); ++version) {
        session line;
        line.add({{"fault", "fake_ack"}}, {{"api", "EndTxn"}});
        line.client(request(end_txn, version, 1, {{}, {{"ProducerId", 5}, {"Committed", 1}}}));
        EXPECT_EQ(line.to_server(), request(end_txn, version, 1,
                                            {{}, {{"ProducerId", INT64_MAX}, {"Committed", 1}}}));
        line.server(answer(end_txn, version, 1, {{}, {{"ErrorCode", 49}}}));
        EXPECT_EQ(line.to_client(), answer(end_txn, version, 1));
        EXPECT_TRUE(line.told.empty());
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

TEST(kafka_fault, an_empty_fetch_takes_the_time_of_one_and_ends_where_it_began)
{
    for (std::int16_t version = 0; version <= newest(fetch); ++version) {
        SCOPED_TRACE(version);
        session line;
        line.learn({"orders"});
        line.add({{"fault", "empty_fetch"}}, {{"topic", "orders"}});
        saying asked{{{"orders", {{3, {{"FetchOffset", 77}}}}}},
                     {{"MaxWaitMs", 500}, {"MaxBytes", 100}}};
        line.client(request(fetch, version, 1, asked));
        EXPECT_EQ(line.to_server(), "");
        line.pass(499ms);
        EXPECT_EQ(line.to_server(), "");
        line.pass(1ms);
        asked.topics[0].partitions[0].number = nowhere;
        EXPECT_EQ(line.to_server(), request(fetch, version, 1, without_session(asked, fetch)));
        line.server(answer(fetch, version, 1, {{{"orders", {{nowhere, refused}}}}}));
        EXPECT_EQ(line.to_client(), answer(fetch, version, 1,
                                           {{{"orders",
                                              {{3,
                                                {{"HighWatermark", 77},
                                                 {"LastStableOffset", 77},
                                                 {"LogStartOffset", 0}}}}}}}));
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

TEST(kafka_fault, a_throttle_is_told)
{
    for (auto const key : {produce, fetch, metadata, join_group})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            session line;
            line.add({{"preset", "quota"}, {"throttle", 300}}, {{"api", std::to_string(key)}});
            line.client(request(key, version, 1, {{}, {{"Acks", 1}}}));
            line.server(answer(key, version, 1));
            EXPECT_EQ(line.to_client(), answer(key, version, 1, {{}, {{"ThrottleTimeMs", 300}}}))
                << key << " " << version;
        }
}

TEST(kafka_fault, partitions_without_a_leader)
{
    for (std::int16_t version = 0; version <= newest(metadata); ++version) {
        session line;
        line.brokers[1] = {"kafka-1", 9092};
        line.add({{"fault", "no_leader"}}, {{"topic", "a"}});
        line.client(request(metadata, version, 1, {{{"a"}, {"b"}}}));
        EXPECT_EQ(line.to_server(), request(metadata, version, 1, {{{"a"}, {"b"}}}));
        numbers const led{{"LeaderId", 1}};
        line.server(
            answer(metadata, version, 1, known({{"a", {{0, led}, {1, led}}}, {"b", {{0, led}}}})));
        numbers const none{{"LeaderId", -1}, {"ErrorCode", 5}};
        EXPECT_EQ(line.to_client(),
                  answer(metadata, version, 1,
                         known({{"a", {{0, none}, {1, none}}}, {"b", {{0, led}}}})));
    }
}

/// Its length, and all behind its correlation id.
std::string without_correlation(std::string frame)
{
    return frame.erase(4, 4);
}

TEST(kafka_fault, metadata_of_the_past)
{
    for (std::int16_t version = 0; version <= newest(metadata); ++version) {
        SCOPED_TRACE(version);
        session line;
        line.brokers[1] = {"localhost", 19'093};
        auto const ask = [&](std::int32_t correlation, std::string const& name,
                             saying const& told) {
            line.client(request(metadata, version, correlation, {{{name}}}));
            line.server(answer(metadata, version, correlation, known(told.topics)));
            auto const got = line.to_client();
            EXPECT_EQ(got.substr(4, 4), answer(metadata, version, correlation).substr(4, 4));
            return without_correlation(got);
        };
        auto const first = ask(1, "a", {{{"a", {{0}}}}});
        line.pass(10s);
        auto const second = ask(2, "a", {{{"a", {{0}, {1}}}}});
        auto const other = ask(3, "b", {{{"b", {{7}}}}});
        ASSERT_NE(first, second);
        line.add({{"fault", "stale_metadata"}, {"age", 5000}}, {{"topic", "a"}});
        EXPECT_EQ(ask(4, "a", {{{"a", {{2}}}}}), first);
        EXPECT_EQ(ask(5, "b", {{{"b", {{8}}}}}).size(), other.size());
        line.pass(5s);
        EXPECT_EQ(ask(6, "a", {{{"a", {{3}}}}}), ask(7, "a", {{{"a", {{3}}}}}));
        line.pass(5s);
        EXPECT_NE(ask(8, "a", {{{"a", {{9}}}}}), first);
        EXPECT_TRUE(line.bypasses.empty());
    }
}

TEST(kafka_fault, a_broker_is_hidden)
{
    for (auto const key : {metadata, std::int16_t{60}})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            SCOPED_TRACE(std::to_string(key) + " v" + std::to_string(version));
            for (std::int64_t const hidden : {1, 2}) {
                session line;
                line.add({{"fault", "hide_broker"}, {"hides", hidden}});
                line.client(request(key, version, 1));
                saying told{{},
                            {{"NodeId", 1}, {"BrokerId", 1}, {"Port", 9092}},
                            {{"Host", "kafka-1"}},
                            {{"Brokers", 1}},
                            false};
                line.server(answer(key, version, 1, told));
                ASSERT_EQ(line.hits.size(), 1U);
                if (hidden == 1)
                    told.counts.clear();
                EXPECT_EQ(line.to_client(), answer(key, version, 1, told));
            }
        }
}

TEST(kafka_fault, a_lost_reply_ends_the_connection_behind_earlier_answers)
{
    struct one {
        std::string then;
        std::optional<ending> how;
    };
    for (auto const& [then, how] :
         {one{"reset", ending::reset}, one{"close", ending::close}, one{"stall", std::nullopt}}) {
        session line;
        auto const id = line.add({{"fault", "lose_reply"}, {"then", then}}, {{"api", "Produce"}});
        auto const sent =
            request(heartbeat, 4, 1) + request(produce, 9, 2, three) + request(heartbeat, 4, 3);
        line.client(sent);
        EXPECT_EQ(line.to_server(), sent);
        line.server(answer(heartbeat, 4, 1) + answer(produce, 9, 2, three) +
                    answer(heartbeat, 4, 3));
        EXPECT_EQ(line.to_client(), answer(heartbeat, 4, 1)) << then;
        EXPECT_EQ(line.ended[1], how);
        EXPECT_EQ(line.cut_by, how ? id : 0);
        line.server(answer(heartbeat, 4, 3));
        line.client(request(heartbeat, 4, 4));
        EXPECT_EQ(line.to_client() + line.to_server(), "");
    }
}

TEST(kafka_fault, what_is_asked_for_before_an_answer_with_which_it_ends_is_no_hit)
{
    for (auto const& fault : {attribute_list{{"fault", "lose_reply"}},
                              attribute_list{{"fault", "disconnect"}, {"apply", "after"}}}) {
        session line;
        line.add(fault, {{"api", "Heartbeat"}});
        line.client(request(heartbeat, 4, 1) + request(heartbeat, 4, 2));
        line.client(request(heartbeat, 4, 3));
        EXPECT_EQ(line.hits.size(), 1U);
        line.server(answer(heartbeat, 4, 1));
        EXPECT_EQ(line.ended[1], ending::reset);
    }
}

TEST(kafka_fault, a_stalled_connection_ends_with_either_side)
{
    session line;
    line.add({{"fault", "lose_reply"}, {"then", "stall"}});
    line.client(request(heartbeat, 4, 1));
    line.server(answer(heartbeat, 4, 1));
    line.client_ends();
    EXPECT_EQ(line.ended[0], ending::half_close);
    line.server_ends();
    EXPECT_EQ(line.ended[1], ending::half_close);
    EXPECT_EQ(line.to_client(), "");
}

TEST(kafka_fault, a_lost_request_and_all_behind_it_never_reach_the_broker)
{
    session line;
    line.add({{"fault", "lose_request"}}, {{"api", "Produce"}});
    line.client(request(heartbeat, 4, 1) + request(produce, 9, 2, three) +
                request(heartbeat, 4, 3));
    EXPECT_EQ(line.to_server(), request(heartbeat, 4, 1));
    line.server(answer(heartbeat, 4, 1));  // which did reach it
    EXPECT_EQ(line.to_client(), answer(heartbeat, 4, 1));
    line.client(request(heartbeat, 4, 4));
    EXPECT_EQ(line.to_server(), "");
    EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
    EXPECT_FALSE(line.ended[1]);
    line.client_ends();
    EXPECT_EQ(line.ended[0], ending::half_close);
    line.server_ends();
    EXPECT_EQ(line.ended[1], ending::half_close);
}

TEST(kafka_fault, a_disconnect_is_before_the_request_or_after)
{
    for (std::string const cut : {"rst", "fin"}) {
        auto const how = cut == "rst" ? ending::reset : ending::close;
        session before;
        auto const id = before.add({{"fault", "disconnect"}, {"cut", cut}}, {{"api", "Heartbeat"}});
        before.client(request(find_coordinator, 2, 1) + request(heartbeat, 4, 2));
        EXPECT_EQ(before.to_server(), request(find_coordinator, 2, 1));
        EXPECT_EQ(before.ended[1], how);
        EXPECT_EQ(before.cut_by, id);
        session after;
        after.add({{"fault", "disconnect"}, {"cut", cut}, {"apply", "after"}},
                  {{"api", "Heartbeat"}});
        after.client(request(find_coordinator, 2, 1) + request(heartbeat, 4, 2));
        EXPECT_EQ(after.to_server(), request(find_coordinator, 2, 1) + request(heartbeat, 4, 2));
        after.server(answer(find_coordinator, 2, 1) + answer(heartbeat, 4, 2));
        EXPECT_EQ(after.to_client(), answer(find_coordinator, 2, 1));
        EXPECT_EQ(after.ended[1], how);
    }
}

TEST(kafka_fault, of_a_produce_that_nobody_acknowledges)
{
    saying const one{{{"orders", {{0}}}}, {{"Acks", 0}}};
    session lost;
    lost.add({{"preset", "lost_event"}}, {{"topic", "orders"}});
    lost.client(request(produce, 9, 1, one) + request(heartbeat, 0, 2));
    EXPECT_EQ(lost.to_server(), request(heartbeat, 0, 2));
    lost.server(answer(heartbeat, 0, 2));
    EXPECT_EQ(lost.gave_up, "");

    saying both = one;
    both.topics.push_back({"payments", {{0}}});
    lost.client(request(produce, 9, 3, both));  // of which one is to be stored
    EXPECT_EQ(lost.to_server(), request(produce, 9, 3, both));
    EXPECT_EQ(lost.told.size(), 1U);

    for (auto const& attributes :
         {attribute_list{{"fault", "lose_reply"}},
          attribute_list{{"fault", "disconnect"}, {"apply", "after"}},
          attribute_list{
              {"fault", "error"}, {"error", "NOT_LEADER_OR_FOLLOWER"}, {"apply", "after"}},
          attribute_list{{"fault", "throttle"}, {"throttle", 5}}}) {
        session line;
        line.add(attributes, {{"api", "Produce"}});
        line.client(request(produce, 9, 1, one) + request(heartbeat, 0, 2));
        EXPECT_EQ(line.to_server(), request(produce, 9, 1, one) + request(heartbeat, 0, 2));
        line.server(answer(heartbeat, 0, 2));
        EXPECT_EQ(line.to_client(), answer(heartbeat, 0, 2));
        EXPECT_EQ(line.told, std::vector<std::string>{"passed: it has no answer"});
    }
    session refused_one;  // the broker ends such a connection itself
    refused_one.add({{"preset", "leader_election"}});
    refused_one.client(request(produce, 9, 1, one));
    saying moved = one;
    moved.topics[0].partitions[0].number = nowhere;
    EXPECT_EQ(refused_one.to_server(), request(produce, 9, 1, moved));
    EXPECT_TRUE(refused_one.told.empty());
}

}  // namespace
