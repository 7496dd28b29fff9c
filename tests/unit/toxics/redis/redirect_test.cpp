// To which commands MOVED and ASK are told.
#include "tests/unit/toxics/redis/inside.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace {

using namespace aconite;
using namespace aconite::test::rd;
using namespace std::chrono_literals;

std::string const asks = "-ASK 12182 10.0.0.9:6379\r\n";
std::string const moves = "-MOVED 12182 10.0.0.9:6379\r\n";

/// A connection to a server at 10.0.0.9, of a proxy that keeps nobody inside.
struct bare_session : session {
    explicit bare_session(std::shared_ptr<protocol_common> const& common) : session(common)
    {
        own_place = server_place{"10.0.0.9", 6379};
    }
};

TEST(redis_redirect, commands_without_a_key_pass_and_are_no_hits)
{
    for (attribute_list const& fault :
         {attribute_list{{"preset", "ask"}}, attribute_list{{"preset", "cluster_reshard"}},
          attribute_list{{"fault", "error"}, {"error", "MOVED"}, {"node", "a:1"}},
          attribute_list{{"fault", "error"}, {"error", "ASK"}, {"node", "a:1"}}}) {
        session line;
        line.add(fault);
        for (auto const& keyless :
             {command({"ASKING"}), command({"PING"}), command({"CLUSTER", "SLOTS"}),
              command({"HELLO", "3"}), command({"READONLY"}), command({"READWRITE"}),
              command({"COMMAND", "DOCS"}), command({"INFO"}), command({"AUTH", "a", "b"}),
              command({"SELECT", "0"}), command({"CLIENT", "SETNAME", "a"}),
              command({"EVAL", "return 1", "0"}), command({"SCAN", "0"}), command({"MULTI"}),
              command({"EXEC"}), command({"DISCARD"}), command({"PUBLISH", "a", "b"}),
              command({"NOBODY", "KNOWS"}), command({"SUBSCRIBE", "a"})})
            EXPECT_EQ(line.sends(keyless), keyless);
        EXPECT_TRUE(line.hits.empty());
    }
}

TEST(redis_redirect, a_command_in_the_same_turn_as_one_without_a_key_is_told)
{
    session line;
    line.add({{"fault", "error"}, {"error", "MOVED"}, {"node", "a:1"}});
    EXPECT_EQ(line.sends(command({"PING"}) + command({"MGET", "foo", "foo"})),
              command({"PING"}) + refused);
    EXPECT_EQ(line.answers("+PONG\r\n" + refusal), "+PONG\r\n-MOVED 12182 a:1\r\n");
    ASSERT_EQ(line.hits.size(), 1U);
    EXPECT_EQ(line.hit(0, "kind"), "command");
    EXPECT_EQ(line.hit(0, "key"), "foo,foo");
}

TEST(redis_redirect, behind_an_asking_a_command_is_served)
{
    inside line;
    line.servers.clear();
    line.add({{"preset", "ask"}});
    EXPECT_EQ(line.sends(command({"GET", "foo"})), refused);
    EXPECT_EQ(line.answers(refusal), asks);
    EXPECT_TRUE(line.passes(command({"ASKING"}), ok));
    EXPECT_TRUE(line.passes(command({"GET", "foo"}), bulk("1")));
    EXPECT_EQ(line.sends(command({"GET", "foo"})), refused);
    EXPECT_EQ(line.answers(refusal), asks);
    auto const both = command({"ASKING"}) + command({"GET", "foo"});
    EXPECT_EQ(line.sends(both + command({"GET", "foo"})), both + refused);
    line.answers(ok + bulk("1") + refusal);
    EXPECT_EQ(line.hits.size(), 3U);
}

TEST(redis_redirect, behind_an_asking_a_transaction_is_served)
{
    inside line;
    line.add({{"preset", "ask"}});
    EXPECT_TRUE(line.passes(command({"ASKING"}) + command({"MULTI"}), ok + ok));
    EXPECT_TRUE(line.passes(command({"SET", "foo", "1"}), queued));
    EXPECT_TRUE(line.passes(command({"INCR", "foo"}), queued));
    EXPECT_TRUE(line.passes(command({"EXEC"}), "*2\r\n" + ok + ":2\r\n"));
    EXPECT_EQ(line.sends(command({"GET", "foo"})), refused);
}

TEST(redis_redirect, behind_an_asking_that_the_server_refuses_it_is_not)
{
    inside line;
    line.add({{"preset", "ask"}});
    EXPECT_TRUE(
        line.passes(command({"ASKING"}), "-ERR This instance has cluster support disabled\r\n"));
    EXPECT_EQ(line.sends(command({"GET", "foo"})), refused);
}

TEST(redis_redirect, in_a_transaction_the_command_is_told_and_the_exec_is_the_servers)
{
    inside line;
    line.servers.clear();
    line.add({{"preset", "ask"}});
    EXPECT_TRUE(line.passes(command({"MULTI"}), ok));
    EXPECT_EQ(line.sends(command({"SET", "foo", "1"})), refused);
    EXPECT_EQ(line.answers(refusal), asks);
    EXPECT_TRUE(line.passes(command({"EXEC"}), "-EXECABORT Transaction discarded because of "
                                               "previous errors.\r\n"));
}

TEST(redis_redirect, a_connection_is_told_once_of_a_slot_that_has_moved)
{
    bare_session line(redis::protocol.common());
    auto const id = line.add({{"preset", "cluster_reshard"}});
    // What was asked for before the first answer is told too, as by a real node.
    EXPECT_EQ(line.sends(command({"GET", "foo"}) + command({"GET", "foo"})), refused + refused);
    EXPECT_EQ(line.answers(refusal + refusal), moves + moves);
    EXPECT_TRUE(line.passes(command({"GET", "foo"}), bulk("1")));
    EXPECT_TRUE(line.passes(command({"SET", "{foo}2", "1"}), ok));
    EXPECT_EQ(line.sends(command({"GET", "bar"})), refused);
    EXPECT_EQ(line.hits.size(), 3U);
    line.update(id, {{"preset", "cluster_reshard"}, {"node", "a:1"}});
    EXPECT_EQ(line.answers(refusal), "-MOVED 5061 10.0.0.9:6379\r\n");
}

TEST(redis_redirect, who_follows_on_another_connection_is_served)
{
    auto const common = redis::protocol.common();
    bare_session first(common);
    first.add({{"preset", "cluster_reshard"}});
    EXPECT_EQ(first.sends(command({"GET", "foo"})), refused);
    EXPECT_EQ(first.answers(refusal), moves);
    bare_session second(common);
    second.add({{"preset", "cluster_reshard"}});
    EXPECT_TRUE(second.passes(command({"GET", "foo"}), bulk("1")));
    EXPECT_TRUE(second.passes(command({"GET", "foo"}), bulk("1")));
    // Another client has not been told.
    bare_session third(common);
    third.add({{"preset", "cluster_reshard"}});
    EXPECT_EQ(third.sends(command({"GET", "foo"})), refused);
    EXPECT_EQ(third.answers(refusal), moves);
    // Nor has one who comes long after who never followed.
    bare_session late(common);
    late.add({{"preset", "cluster_reshard"}});
    late.pass(1s + 1ms);
    EXPECT_EQ(late.sends(command({"GET", "foo"})), refused);
}

TEST(redis_redirect, a_new_toxic_tells_all_again)
{
    bare_session line(redis::protocol.common());
    line.add({{"preset", "cluster_reshard"}}, {{"key", "foo"}});
    EXPECT_EQ(line.sends(command({"GET", "foo"})), refused);
    EXPECT_EQ(line.answers(refusal), moves);
    EXPECT_TRUE(line.passes(command({"GET", "foo"}), bulk("1")));
    line.add({{"preset", "cluster_reshard"}}, {{"key", "foo"}});
    EXPECT_EQ(line.sends(command({"GET", "foo"})), refused);
}

TEST(redis_redirect, a_moved_of_ones_own_is_told_each_time)
{
    session line;
    line.add({{"fault", "error"}, {"error", "MOVED"}, {"node", "a:1"}});
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(line.sends(command({"GET", "foo"})), refused);
        EXPECT_EQ(line.answers(refusal), "-MOVED 12182 a:1\r\n");
    }
}

}  // namespace
