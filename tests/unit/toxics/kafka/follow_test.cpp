// A connection without toxics: what goes through it, and when it is not followed any more.
#include "tests/unit/toxics/kafka/messages.hpp"

#include "toxics/kafka/follower.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::kf;
using kafka::follower;

using texts = std::vector<std::string>;

saying const orders{{{"orders", {{0}, {1}}}}, {{"Acks", -1}}};

/// Requests of many kinds, and their answers.
struct talk {
    std::string requests;
    std::string answers;
};

talk long_talk()
{
    talk made;
    std::int32_t correlation = 100;
    auto const add = [&](std::int16_t key, std::int16_t version, saying const& ask,
                         saying const& told) {
        made.requests += request(key, version, correlation, ask);
        if (key != produce || ask.numbers.at("Acks") != 0)
            made.answers += answer(key, version, correlation, told);
        ++correlation;
    };
    add(api_versions, 3, {}, {});
    for (std::int16_t const version : {0, 8, 12, 13})
        add(metadata, version, {}, known({{"orders", {{0}, {1}}}}));
    for (std::int16_t const version : {3, 8, 9, 13}) {
        add(produce, version, orders, orders);
        add(produce, version, {orders.topics, {{"Acks", 0}}}, {});
    }
    for (std::int16_t const version : {4, 11, 12, 17})
        add(fetch, version, orders, orders);
    for (std::int16_t const version : {0, 3, 4, 6})
        add(find_coordinator, version, {},
            {{}, {{"NodeId", 1}, {"Port", 9092}}, {{"Host", "kafka-1"}}, {{"Coordinators", 1}}});
    add(heartbeat, 4, {}, {});
    return made;
}

TEST(kafka_follow, what_carries_no_address_goes_on_as_it_came)
{
    session line;
    auto const all = long_talk();
    line.client(all.requests);
    EXPECT_EQ(line.to_server(), all.requests);
    line.server(all.answers);
    EXPECT_EQ(line.to_client(), all.answers);  // no broker can be reached
    EXPECT_EQ(line.gave_up, "");
    EXPECT_EQ(line.bypasses, texts(8, "kafka-1:9092"));
    EXPECT_TRUE(line.unknown.empty());
}

TEST(kafka_follow, addresses_are_those_that_the_proxy_has)
{
    auto const all = long_talk();
    std::string whole;
    for (std::size_t const step : {std::size_t{1} << 20, std::size_t{1}, std::size_t{7}}) {
        session line;
        line.brokers[1] = {"localhost", 19'093};
        for (std::size_t at = 0; at < all.requests.size(); at += step)
            line.client(std::string_view(all.requests).substr(at, step));
        EXPECT_EQ(line.to_server(), all.requests);
        for (std::size_t at = 0; at < all.answers.size(); at += step)
            line.server(std::string_view(all.answers).substr(at, step));
        auto const got = line.to_client();
        if (whole.empty())
            whole = got;
        EXPECT_EQ(got, whole) << step;
        EXPECT_EQ(got.find("kafka-1"), std::string::npos);
        EXPECT_EQ(got.size(), all.answers.size() + 8 * 2);
        EXPECT_TRUE(line.bypasses.empty());
        EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
    }
}

TEST(kafka_follow, bytes_that_need_not_be_seen_are_told)
{
    session line;
    auto const ask = request(heartbeat, 4, 1);
    line.client(ask.substr(0, 12));
    EXPECT_EQ(line.mind().unseen_bytes(stream::upstream), ask.size() - 12);
    line.mind().on_unseen(stream::upstream, ask.size() - 12);
    EXPECT_EQ(line.mind().unseen_bytes(stream::upstream), 0U);
    line.client(request(heartbeat, 4, 2));
    auto const told = answer(heartbeat, 4, 1);
    line.server(told.substr(0, 8));
    EXPECT_EQ(line.mind().unseen_bytes(stream::downstream), told.size() - 8);
    line.mind().on_unseen(stream::downstream, told.size() - 8);
    line.server(answer(heartbeat, 4, 2));
    EXPECT_EQ(line.gave_up, "");
    EXPECT_EQ(line.to_client(), told.substr(0, 8) + answer(heartbeat, 4, 2));
}

TEST(kafka_follow, a_large_answer_with_hidden_endpoints_is_over_in_unseen_bytes)
{
    session line;
    line.client(request(fetch, 17, 1, orders) + request(heartbeat, 4, 2));
    saying large = orders;
    large.texts["Records"] = std::string(100'000, 'r');
    auto const told = answer(fetch, 17, 1, large);
    line.server(told.substr(0, 2000));
    auto rest = std::string_view(told).substr(2000);
    std::uint64_t unseen = 0;
    while (!rest.empty()) {
        auto const passing = line.mind().unseen_bytes(stream::downstream);
        auto const some = std::min<std::uint64_t>(passing > 0 ? passing : 10, rest.size());
        if (passing > 0)
            line.mind().on_unseen(stream::downstream, some);
        else
            line.server(rest.substr(0, some));
        unseen += passing > 0 ? some : 0;
        rest.remove_prefix(some);
    }
    EXPECT_GT(unseen, 190'000U);
    line.to_client();
    line.server(answer(heartbeat, 4, 2));
    EXPECT_EQ(line.to_client(), answer(heartbeat, 4, 2));
    EXPECT_EQ(line.gave_up, "");
}

TEST(kafka_follow, tls_is_not_followed)
{
    session line;
    line.client("\x16\x03\x01 hello");
    EXPECT_EQ(line.gave_up, "encrypted");
    EXPECT_EQ(line.to_server(), "\x16\x03\x01 hello");
    session late;  // elsewhere it is the first byte of a length
    late.client(request(heartbeat, 0, 1) + "\x16\x03\x01 hello, server");
    EXPECT_EQ(late.to_server(), request(heartbeat, 0, 1) + "\x16\x03\x01 hello, server");
    EXPECT_EQ(late.gave_up, "");
}

TEST(kafka_follow, other_protocols_are_not_followed)
{
    for (std::string const& bytes :
         {std::string("GET / HTTP/1.1\r\n\r\n"), std::string(4, '\0'),
          std::string("\0\0\0\7abcdefg", 11), std::string("\xff\xff\xff\xff")}) {
        session line;
        line.client(bytes);
        EXPECT_EQ(line.gave_up, "not Kafka's protocol") << bytes;
        EXPECT_EQ(line.to_server(), bytes);
    }
    session line;
    line.client(request(heartbeat, 0, 1));
    line.server(std::string("\0\0\0\3abc", 7));
    EXPECT_EQ(line.gave_up, "not Kafka's protocol");
    EXPECT_EQ(line.to_client(), std::string("\0\0\0\3abc", 7));
}

TEST(kafka_follow, answers_that_nobody_asked_for_pass)
{
    session line;
    line.server("hello, I am something else");
    EXPECT_NE(line.gave_up, "");
    EXPECT_EQ(line.to_client(), "hello, I am something else");
    session other;
    other.client(request(heartbeat, 0, 1));
    other.server(bare_answer(1) + bare_answer(2));
    EXPECT_EQ(other.gave_up, "an answer that nobody asked for");
    EXPECT_EQ(other.to_client(), bare_answer(1) + bare_answer(2));
}

TEST(kafka_follow, answers_out_of_order_pass)
{
    session line;
    line.brokers[1] = {"localhost", 19'093};
    line.client(request(heartbeat, 0, 1) + request(metadata, 1, 2));
    auto const answers = answer(metadata, 1, 2, known({})) + bare_answer(1);
    line.server(answers);
    EXPECT_EQ(line.gave_up, "answers in another order than requests");
    EXPECT_EQ(line.to_client(), answers);
}

TEST(kafka_follow, who_gives_up_lets_go_of_what_came_of_heads)
{
    session line;
    line.client(request(heartbeat, 0, 1) + std::string("\0\0", 2));
    line.server(std::string("\0\0", 2));
    line.server(std::string("\0\6xyzabc", 8));
    EXPECT_NE(line.gave_up, "");
    EXPECT_EQ(line.to_client(), std::string("\0\0\0\6xyzabc", 10));
    EXPECT_EQ(line.to_server(), request(heartbeat, 0, 1) + std::string("\0\0", 2));
}

TEST(kafka_follow, sasl_tokens_of_the_first_version_have_no_head)
{
    struct one {
        std::string mechanism;
        int tokens;
    };
    for (auto const& [mechanism, tokens] :
         {one{"PLAIN", 1}, one{"SCRAM-SHA-256", 2}, one{"SCRAM-SHA-512", 2}, one{"OAUTHBEARER", 1}})
        for (bool const with_toxic : {false, true}) {
            SCOPED_TRACE(mechanism);
            session line;
            if (with_toxic)
                line.add({{"fault", "disconnect"}}, {{"api", "Fetch"}});
            line.brokers[1] = {"localhost", 19'093};
            std::string asked = request(sasl_handshake, 0, 1, {{}, {}, {{"Mechanism", mechanism}}});
            line.client(asked);
            line.server(answer(sasl_handshake, 0, 1));
            line.to_client();
            for (int i = 0; i < tokens; ++i) {
                // Nothing that Kafka's protocol would be.
                auto const token = test::with_length(i == 0 ? "tok" : "");
                line.client(token);
                asked += token;
                line.server(test::with_length(i == 0 ? "" : "en"));
                EXPECT_EQ(line.to_client(), test::with_length(i == 0 ? "" : "en"));
            }
            line.client(request(metadata, 1, 2));
            line.server(answer(metadata, 1, 2, known({})));
            EXPECT_EQ(line.to_server(), asked + request(metadata, 1, 2));
            EXPECT_NE(line.to_client().find("localhost"), std::string::npos);
            EXPECT_EQ(line.gave_up, "");
        }
}

TEST(kafka_follow, sasl_of_an_unknown_mechanism_is_not_followed)
{
    session line;
    auto const asked = request(sasl_handshake, 0, 1, {{}, {}, {{"Mechanism", "GSSAPI"}}});
    line.client(asked + "token");
    EXPECT_EQ(line.gave_up, "SASL tokens of a mechanism that is not known");
    EXPECT_EQ(line.to_server(), asked + "token");
    session framed;  // its tokens are requests from the second version on
    framed.client(request(sasl_handshake, 1, 1, {{}, {}, {{"Mechanism", "GSSAPI"}}}) +
                  request(36, 1, 2));
    EXPECT_EQ(framed.gave_up, "");
}

TEST(kafka_follow, what_is_newer_than_the_tables_is_told_once)
{
    session line;
    for (std::int32_t i = 0; i < 6; i += 2) {
        line.client(bare(99, 1, i) + bare(metadata, 14, i + 1));
        line.server(bare_answer(i) + bare_answer(i + 1));
    }
    EXPECT_EQ(line.unknown, (texts{"API 99 v1", "Metadata v14"}));
    EXPECT_EQ(line.bypasses, (texts{"in Metadata v14"}));
    EXPECT_EQ(line.gave_up, "");
    line.client(bare(fetch, -1, 9) + bare(find_coordinator, 100, 10) + bare(99, 2, 11));
    EXPECT_EQ(line.unknown.size(), 5U);
    EXPECT_EQ(line.unknown.back(), "API 99 v2");
    session many;
    for (std::int16_t i = 0; i < 1000; ++i)
        many.client(bare(1000, i, i));
    EXPECT_EQ(many.unknown.size(), 64U);
}

TEST(kafka_follow, ten_thousand_unanswered_requests_stop_the_reader)
{
    session line;
    std::int32_t asked = 0;
    while (asked < 10'000 && line.mind().held_bytes(stream::upstream) < 256 * 1024)
        line.client(request(heartbeat, 0, asked++));
    EXPECT_EQ(asked, static_cast<std::int32_t>(follower::unanswered_max));
    line.server(bare_answer(0));
    EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
    std::string all;
    for (std::int32_t i = 1; i < asked; ++i)
        all += bare_answer(i);
    line.server(all);
    EXPECT_EQ(line.gave_up, "");
}

TEST(kafka_follow, requests_without_an_answer_are_not_waited_for)
{
    session line;
    for (std::int16_t const version : {0, 3, 9, 13})
        for (std::int32_t i = 0; i < 3000; ++i) {
            auto const sent = request(produce, version, i, {{{"t", {{0}}}}, {{"Acks", 0}}});
            // Its acks stand behind the client's id.
            line.client(std::string_view(sent).substr(0, 14));
            line.client(std::string_view(sent).substr(14));
        }
    EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
    line.client(request(heartbeat, 0, 5));
    line.server(bare_answer(5));
    EXPECT_EQ(line.gave_up, "");
}

TEST(kafka_follow, requests_that_may_have_no_answer_are_not_waited_for)
{
    // Of a version that is not known, with acks where they stood so far, or nobody knows where.
    auto const as_before = request(produce, newest(produce), 1, {{{"t", {{0}}}}, {{"Acks", 0}}});
    std::string newer = as_before;
    newer[7] = static_cast<char>(newest(produce) + 1);
    for (auto const& sent : {newer, bare(produce, 99, 1, std::string(20, '\xff'))}) {
        session line;
        for (int i = 0; i < 10'000; ++i)
            line.client(sent);
        EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
        line.client(request(heartbeat, 0, 5));
        line.server(bare_answer(5));
        EXPECT_EQ(line.gave_up, "");
    }
    session line;
    line.client(bare(produce, 99, 1) + bare(produce, 99, 2) + request(heartbeat, 0, 3));
    line.server(bare_answer(2) + bare_answer(3));
    EXPECT_EQ(line.gave_up, "");
    line.server(bare_answer(1));
    EXPECT_NE(line.gave_up, "");
}

TEST(kafka_follow, ends_go_on_behind_what_is_not_whole)
{
    session line;
    auto const asked = request(produce, 9, 1, orders);
    line.client(asked.substr(0, 10));
    line.client_ends();
    EXPECT_EQ(line.to_server(), asked.substr(0, 10));
    EXPECT_EQ(line.ended[0], ending::half_close);
    for (std::int16_t const key : {metadata, find_coordinator, heartbeat})
        for (std::size_t const size : {2U, 6U, 12U}) {
            session other;
            other.client(request(key, 1, 1));
            auto const told = answer(key, 1, 1, known({}));
            other.server(told.substr(0, size));
            other.server_ends();
            EXPECT_EQ(other.to_client(), told.substr(0, size)) << key << " " << size;
            EXPECT_EQ(other.ended[1], ending::half_close);
        }
    session reset;
    reset.client_ends(ending::reset);
    EXPECT_EQ(reset.ended[0], ending::reset);
}

}  // namespace
