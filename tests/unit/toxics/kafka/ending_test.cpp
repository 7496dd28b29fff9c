// Faults with which a connection ends, stands still or says nothing more.
#include "tests/unit/toxics/kafka/partitions.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::kf;

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
