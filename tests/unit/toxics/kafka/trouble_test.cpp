// What comes at the moment that suits least, or is more than suits.
#include "tests/unit/toxics/kafka/messages.hpp"

#include "toxics/kafka/follower.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::kf;
using namespace std::chrono_literals;

std::string const beat = request(heartbeat, 4, 1);
saying const orders{{{"orders", {{0}, {1}}}}, {{"Acks", -1}}};

TEST(kafka_delay, what_comes_behind_waits_too)
{
    session line;
    line.add({{"fault", "delay"}, {"delay", 100}}, {{"api", "Produce"}});
    line.client(beat + request(produce, 9, 2, orders) + request(heartbeat, 4, 3));
    EXPECT_EQ(line.to_server(), beat);
    line.client(request(heartbeat, 4, 4).substr(0, 9));
    line.server(answer(heartbeat, 4, 1));
    EXPECT_EQ(line.to_client(), answer(heartbeat, 4, 1));  // answers do not wait
    line.pass(99ms);
    EXPECT_EQ(line.to_server(), "");
    EXPECT_GT(line.mind().held_bytes(stream::upstream), 0U);
    line.pass(1ms);
    EXPECT_EQ(line.to_server(), request(produce, 9, 2, orders) + request(heartbeat, 4, 3));
    EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
    line.client(request(heartbeat, 4, 4).substr(9));
    EXPECT_EQ(line.to_server(), request(heartbeat, 4, 4));
    line.server(answer(produce, 9, 2, orders) + answer(heartbeat, 4, 3) + answer(heartbeat, 4, 4));
    EXPECT_EQ(line.gave_up, "");
}

TEST(kafka_delay, of_each_of_a_pipeline_comes_behind_that_of_the_one_before)
{
    session line;
    line.add({{"preset", "slow_broker"}, {"delay", 100}});
    line.client(request(heartbeat, 4, 1) + request(heartbeat, 4, 2) + request(heartbeat, 4, 3));
    for (std::int32_t i = 1; i <= 3; ++i) {
        line.pass(99ms);
        EXPECT_EQ(line.to_server(), "");
        line.pass(1ms);
        EXPECT_EQ(line.to_server(), request(heartbeat, 4, i));
    }
    EXPECT_EQ(line.hits.size(), 3U);
}

TEST(kafka_delay, ends_with_its_toxic)
{
    session line;
    auto const other = line.add({{"fault", "delay"}, {"delay", 50}}, {{"api", "Fetch"}});
    auto const id = line.add({{"fault", "delay"}, {"delay", 100'000}}, {{"api", "Heartbeat"}});
    line.client(beat + request(heartbeat, 4, 2));
    line.remove(other);
    EXPECT_EQ(line.to_server(), "");
    line.remove(id);
    EXPECT_EQ(line.to_server(), beat + request(heartbeat, 4, 2));
    line.pass(200s);
    EXPECT_EQ(line.to_server(), "");
}

TEST(kafka_delay, an_end_comes_behind_it)
{
    session line;
    line.add({{"fault", "delay"}, {"delay", 100}}, {{"api", "Produce"}});
    line.client(request(produce, 9, 1, orders) + request(produce, 9, 2, orders) +
                beat.substr(0, 5));
    line.client_ends();
    EXPECT_FALSE(line.ended[0]);
    line.pass(100ms);
    EXPECT_EQ(line.to_server(), request(produce, 9, 1, orders));
    EXPECT_FALSE(line.ended[0]);
    line.pass(100ms);
    EXPECT_EQ(line.to_server(), request(produce, 9, 2, orders) + beat.substr(0, 5));
    EXPECT_EQ(line.ended[0], ending::half_close);
}

TEST(kafka_delay, a_reset_does_not_wait_and_the_servers_end_neither)
{
    session line;
    line.add({{"fault", "delay"}, {"delay", 100}});
    line.client(beat);
    line.client_ends(ending::reset);
    EXPECT_EQ(line.ended[0], ending::reset);
    session other;
    other.add({{"fault", "delay"}, {"delay", 100}});
    other.client(beat);
    other.server_ends();
    EXPECT_EQ(other.ended[1], ending::half_close);
    other.pass(100ms);
    EXPECT_EQ(other.to_server(), beat);
}

TEST(kafka_delay, goes_with_a_fault_of_another_toxic)
{
    session line;
    line.add({{"fault", "delay"}, {"delay", 100}}, {{"api", "Heartbeat"}});
    line.add({{"fault", "error"}, {"error", "UNKNOWN_MEMBER_ID"}, {"apply", "after"}});
    line.client(beat);
    line.pass(100ms);
    EXPECT_EQ(line.to_server(), beat);
    line.server(answer(heartbeat, 4, 1));
    EXPECT_EQ(line.to_client(), answer(heartbeat, 4, 1, {{}, {{"ErrorCode", 25}}}));
}

TEST(kafka_trouble, bytes_in_any_pieces_are_the_same_bytes)
{
    struct result {
        std::string to_server;
        std::string to_client;
        std::size_t hits = 0;
        bool operator==(result const&) const = default;
    };
    auto const play = [](std::size_t step) {
        session line;
        line.brokers[1] = {"localhost", 19'093};
        line.learn({"orders"});
        line.add({{"preset", "leader_election"}}, {{"topic", "orders"}, {"partition", 1}});
        line.add({{"preset", "slow_broker"}, {"delay", 10}}, {{"api", "Heartbeat"}});
        line.add({{"preset", "quota"}}, {{"api", "Produce"}});
        line.add({{"fault", "no_leader"}}, {{"topic", "orders"}});
        auto const requests = request(produce, 13, 1, orders) + request(produce, 3, 2, orders) +
                              request(fetch, 17, 3, orders) + beat +
                              request(metadata, 12, 4, orders) + bare(99, 1, 5) +
                              request(find_coordinator, 3, 6) +
                              request(produce, 9, 7, {orders.topics, {{"Acks", 0}}}) + beat;
        for (std::size_t at = 0; at < requests.size(); at += step) {
            line.client(std::string_view(requests).substr(at, step));
            line.pass(30ms);
        }
        auto moved = orders;
        moved.topics[0].partitions[1] = {nowhere, {{"ErrorCode", 3}}};
        auto const answers =
            answer(produce, 13, 1, moved) + answer(produce, 3, 2, moved) +
            answer(fetch, 17, 3, moved) + answer(heartbeat, 4, 1) +
            answer(metadata, 12, 4, known({{"orders", {{0}}}})) + bare_answer(5) +
            answer(find_coordinator, 3, 6, {{}, {{"NodeId", 1}, {"Port", 9}}, {{"Host", "k"}}}) +
            answer(heartbeat, 4, 1);
        for (std::size_t at = 0; at < answers.size(); at += step)
            line.server(std::string_view(answers).substr(at, step));
        EXPECT_EQ(line.gave_up, "");
        return result{line.to_server(), line.to_client(), line.hits.size()};
    };
    auto const whole = play(SIZE_MAX);
    EXPECT_EQ(whole.hits, 7U);
    for (std::size_t const step : {1U, 2U, 3U, 5U, 11U, 64U, 1000U})
        EXPECT_EQ(play(step), whole) << step;
}

TEST(kafka_trouble, who_gives_up_lets_go_of_what_is_held)
{
    std::string const sent = request(produce, 9, 2, orders);
    session half;  // a request that is not whole
    half.add({{"preset", "leader_election"}});
    half.client(beat + sent.substr(0, 30));
    EXPECT_EQ(half.to_server(), beat);
    half.server(bare_answer(55));
    EXPECT_EQ(half.gave_up, "answers in another order than requests");
    EXPECT_EQ(half.to_server(), sent.substr(0, 30));
    half.client(sent.substr(30));
    EXPECT_EQ(half.to_server(), sent.substr(30));

    session late;  // one that waits, what is behind it, and the end
    late.add({{"preset", "slow_broker"}}, {{"api", "Produce"}});
    late.client(beat + sent + beat.substr(0, 7));
    late.client_ends();
    late.server(bare_answer(55));
    EXPECT_EQ(late.to_server(), beat + sent + beat.substr(0, 7));
    EXPECT_EQ(late.ended[0], ending::half_close);
    EXPECT_EQ(late.to_client(), bare_answer(55));

    session tokens;  // of a mechanism that nobody knows, while the handshake waits
    tokens.add({{"preset", "slow_broker"}});
    tokens.client(request(sasl_handshake, 0, 1, {{}, {}, {{"Mechanism", "GSSAPI"}}}));
    tokens.client("token");
    tokens.pass(1s);
    EXPECT_EQ(tokens.to_server(),
              request(sasl_handshake, 0, 1, {{}, {}, {{"Mechanism", "GSSAPI"}}}) + "token");
    EXPECT_NE(tokens.gave_up, "");
}

TEST(kafka_trouble, a_connection_that_lost_a_request_gives_up_nothing)
{
    session line;
    line.add({{"fault", "lose_request"}}, {{"api", "Produce"}});
    line.client(beat + request(produce, 9, 2, orders));
    line.server(bare_answer(55));
    line.client(beat);
    EXPECT_EQ(line.to_server(), beat);
    EXPECT_EQ(line.gave_up, "");
    EXPECT_EQ(line.to_client(), bare_answer(55));
}

TEST(kafka_trouble, a_fetch_that_goes_on_with_a_session_is_not_asked_about)
{
    session line;
    line.client(request(fetch, 12, 1, {orders.topics, {{"MaxBytes", 9}}}));
    line.to_server();
    line.add({{"fault", "error"}, {"error", "NOT_LEADER_OR_FOLLOWER"}}, {{"api", "Fetch"}});
    line.client(request(fetch, 12, 2, {{}, {{"SessionId", 7}, {"SessionEpoch", 2}}}));
    EXPECT_EQ(line.to_server(),
              request(fetch, 12, 2, {{}, {{"SessionId", 7 ^ (1 << 30)}, {"SessionEpoch", 2}}}));
    EXPECT_TRUE(line.hits.empty());
    EXPECT_TRUE(line.told.empty());
    line.server(answer(fetch, 12, 1) + answer(fetch, 12, 2, {{}, {{"ErrorCode", 70}}}));
    EXPECT_EQ(line.to_client(),
              answer(fetch, 12, 1) + answer(fetch, 12, 2, {{}, {{"ErrorCode", 70}}}));
    // And then without one, of which all are.
    for (std::int64_t const epoch : {0, -1}) {
        line.client(request(fetch, 12, 3, {orders.topics, {{"SessionEpoch", epoch}}}));
        auto moved = orders.topics;
        moved[0].partitions[0].number = nowhere;
        moved[0].partitions[1].number = nowhere - 1;
        EXPECT_EQ(line.to_server(), request(fetch, 12, 3, {moved, {{"SessionEpoch", -1}}}));
    }
    EXPECT_EQ(line.hits.size(), 2U);
}

TEST(kafka_trouble, of_a_fetch_that_is_treated_no_more_is_asked_for_than_is_held)
{
    constexpr std::int64_t enough = 2 << 20;
    for (std::int16_t const version : {3, 11, 12, 17})
        for (std::int64_t const most : {50 << 20, 1 << 20}) {
            session line;
            line.learn({"orders"});
            line.add({{"preset", "quota"}}, {{"topic", "orders"}});
            auto sent = saying{orders.topics, {{"MaxBytes", most}, {"SessionEpoch", -1}}};
            line.client(request(fetch, version, 1, sent));
            sent.numbers["MaxBytes"] = std::min(most, enough);
            EXPECT_EQ(line.to_server(), request(fetch, version, 1, sent));
        }
    session line;  // of others all
    line.add({{"preset", "quota"}}, {{"topic", "orders"}});
    saying const other{{{"other", {{0}}}}, {{"MaxBytes", 50 << 20}, {"SessionEpoch", -1}}};
    line.client(request(fetch, 12, 1, other));
    EXPECT_EQ(line.to_server(), request(fetch, 12, 1, other));
}

TEST(kafka_trouble, an_answer_that_is_too_large_to_be_treated_is_not_told_wrong)
{
    saying large{{{"orders", {{0}, {nowhere, {{"ErrorCode", 3}}}}}},
                 {},
                 {{"Records", std::string(5 << 20, 'r')}}};
    session line;
    auto const id = line.add({{"preset", "leader_election"}}, {{"partition", 1}});
    line.client(request(fetch, 4, 1, orders) + beat);
    line.server(answer(fetch, 4, 1, large).substr(0, 1000));
    EXPECT_EQ(line.to_client(), "");
    EXPECT_EQ(line.ended[1], ending::reset);
    EXPECT_EQ(line.cut_by, id);
    EXPECT_EQ(line.unknown, std::vector<std::string>{"an answer of more than 4 MiB"});
}

TEST(kafka_trouble, frames_above_four_mebibytes_are_not_held)
{
    session line;
    line.add({{"preset", "lost_event"}});
    auto const large = request(
        produce, 9, 1, {orders.topics, {{"Acks", -1}}, {{"Records", std::string(3 << 20, 'r')}}});
    line.client(large.substr(0, 100));
    EXPECT_EQ(line.to_server(), large.substr(0, 100));
    EXPECT_EQ(line.mind().unseen_bytes(stream::upstream), large.size() - 100);
    line.mind().on_unseen(stream::upstream, large.size() - 100);
    line.client(beat);
    EXPECT_EQ(line.to_server(), beat);
    EXPECT_TRUE(line.hits.empty());
    line.client(large);
    EXPECT_EQ(line.unknown, std::vector<std::string>{"a request of more than 4 MiB"});  // once

    session held;  // of a smaller one all is
    held.add({{"preset", "lost_event"}});
    auto const small =
        request(produce, 9, 1,
                {{{"orders", {{0}}}}, {{"Acks", -1}}, {{"Records", std::string(3 << 20, 'r')}}});
    held.client(small.substr(0, small.size() - 1));
    EXPECT_EQ(held.to_server(), "");
    held.client(small.substr(small.size() - 1));
    EXPECT_EQ(held.to_server().size(), small.size());
    EXPECT_EQ(held.hits.size(), 1U);
}

TEST(kafka_trouble, the_toxic_is_gone_before_the_request_is_whole_or_its_answer_comes)
{
    session line;
    auto id = line.add({{"preset", "leader_election"}});
    auto const sent = request(produce, 9, 1, orders);
    line.client(sent.substr(0, 40));
    line.remove(id);
    line.client(sent.substr(40));
    EXPECT_EQ(line.to_server(), sent);
    EXPECT_TRUE(line.hits.empty());
    line.server(answer(produce, 9, 1, orders));
    EXPECT_EQ(line.to_client(), answer(produce, 9, 1, orders));

    id = line.add({{"preset", "leader_election"}}, {{"partition", 1}});
    line.client(sent);
    line.remove(id);
    auto moved = orders;
    moved.topics[0].partitions[1].number = nowhere;
    EXPECT_EQ(line.to_server(), request(produce, 9, 1, moved));
    line.server(answer(produce, 9, 1, moved));
    EXPECT_NE(line.to_client().find(std::string("\0\0\0\1\0\6", 6)), std::string::npos);
}

TEST(kafka_trouble, moved_partitions_that_wait_are_bounded)
{
    saying many{{{"t", {}}}, {{"Acks", -1}}};
    for (std::int32_t i = 0; i < 5000; ++i)
        many.topics[0].partitions.push_back({i});
    session line;
    line.add({{"preset", "leader_election"}});
    std::int32_t asked = 0;
    while (asked < 4096 && line.mind().held_bytes(stream::upstream) < 256 * 1024)
        line.client(request(produce, 9, asked++, many));
    EXPECT_LT(asked, 100);
    line.server(answer(produce, 9, 0));
    EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
}

TEST(kafka_trouble, requests_that_are_kept_for_their_answers_are_bounded)
{
    saying many;
    for (int i = 0; i < 1000; ++i)
        many.topics.push_back({std::string(200, 'n') + std::to_string(i)});
    for (bool const with_toxic : {false, true}) {
        session line;
        if (with_toxic)
            line.add({{"fault", "stale_metadata"}, {"age", 1}});
        std::int32_t asked = 0;
        while (asked < 4096 && line.mind().held_bytes(stream::upstream) < 256 * 1024)
            line.client(request(metadata, 1, asked++, many));
        EXPECT_LT(asked, 20);
        std::string all;
        for (std::int32_t i = 0; i < asked; ++i)
            all += answer(metadata, 1, i);
        line.server(all);
        EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
        EXPECT_EQ(line.gave_up, "");
    }
}

TEST(kafka_trouble, requests_that_are_not_as_their_kind_is_pass)
{
    session line;
    line.add({{"preset", "broker_down"}});
    auto wrong = bare(produce, 9, 1, std::string(50, '\xff'));
    line.client(wrong);
    EXPECT_EQ(line.to_server(), wrong);
    EXPECT_EQ(line.unknown, std::vector<std::string>{"a request that is not as its kind is"});
    line.server(bare_answer(1));
    EXPECT_EQ(line.to_client(), bare_answer(1));
    EXPECT_EQ(line.gave_up, "");
    session other;
    other.add({{"preset", "quota"}});
    other.client(request(produce, 9, 1, orders));
    other.server(bare_answer(1, std::string(50, '\xff')));
    EXPECT_EQ(other.to_client(), bare_answer(1, std::string(50, '\xff')));
    EXPECT_EQ(other.unknown, std::vector<std::string>{"an answer that is not as its kind is"});
}

}  // namespace
