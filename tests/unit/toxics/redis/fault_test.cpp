// What each fault does to commands and answers.
#include "tests/unit/toxics/redis/inside.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::rd;
using namespace std::chrono_literals;

std::string const loading = "-LOADING Redis is loading the dataset in memory\r\n";

TEST(redis_fault, an_error_before_is_told_in_its_turn_and_nothing_is_executed)
{
    session line;
    line.add({{"preset", "loading"}}, {{"command", "GET"}, {"key", "user:*"}});
    auto const asked = line.sends(command({"SET", "a", "1"}) + command({"GET", "user:1"}) +
                                  command({"GET", "other"}) + "GET user:2\r\n");
    EXPECT_EQ(asked, command({"SET", "a", "1"}) + refused + command({"GET", "other"}) + refused);
    EXPECT_EQ(line.answers(ok + refusal + bulk("x") + refusal), ok + loading + bulk("x") + loading);
    ASSERT_EQ(line.hits.size(), 2U);
    EXPECT_EQ(line.hit(0, "key"), "user:1");
    EXPECT_EQ(line.hit(1, "key"), "user:2");
}

TEST(redis_fault, an_error_in_a_transaction_aborts_it_as_a_servers_does)
{
    session line;
    line.add({{"fault", "error"}, {"error", "OOM"}}, {{"command", "SET"}});
    EXPECT_TRUE(line.passes(command({"MULTI"}), ok));
    EXPECT_EQ(line.sends(command({"SET", "a", "1"})), refused);
    EXPECT_EQ(line.answers(refusal),
              "-OOM command not allowed when used memory > 'maxmemory'.\r\n");
    EXPECT_TRUE(line.passes(command({"EXEC"}), "-EXECABORT Transaction discarded because of "
                                               "previous errors.\r\n"));
}

TEST(redis_fault, an_error_of_an_exec_ends_the_transaction)
{
    session line;
    line.add({{"fault", "error"}, {"error", "READONLY"}}, {{"command", "EXEC"}});
    EXPECT_TRUE(line.passes(command({"MULTI"}), ok));
    EXPECT_EQ(line.sends(command({"EXEC"})), command({"DISCARD"}));
    EXPECT_EQ(line.answers(ok), "-READONLY You can't write against a read only replica.\r\n");
}

TEST(redis_fault, an_error_after_is_told_of_what_was_executed)
{
    session line;
    line.add({{"fault", "error"}, {"error", "ERR of mine"}, {"apply", "after"}});
    EXPECT_EQ(line.sends(command({"INCR", "a"})), command({"INCR", "a"}));
    EXPECT_EQ(line.answers(":1\r\n"), "-ERR of mine\r\n");
    line.client(command({"LRANGE", "a", "0", "-1"}));
    EXPECT_EQ(line.answers(list({"a", "b"})), "-ERR of mine\r\n");
    line.client(command({"INCR", "b"}));
    EXPECT_EQ(line.answers("-WRONGTYPE x\r\n"), "-WRONGTYPE x\r\n");
}

TEST(redis_fault, errors_of_a_cluster_name_the_slot_of_the_key)
{
    session line;
    line.add({{"fault", "error"}, {"error", "MOVED"}, {"node", "127.0.0.1:7001"}});
    line.client(command({"GET", "foo"}));
    EXPECT_EQ(line.answers(refusal), "-MOVED 12182 127.0.0.1:7001\r\n");
}

TEST(redis_fault, errors_of_a_cluster_without_a_node_name_the_own_one)
{
    inside line;
    line.add({{"preset", "ask"}});
    line.client(command({"GET", "foo"}));
    EXPECT_EQ(line.answers(refusal), "-ASK 12182 proxy.test:19006\r\n");
    line.servers.clear();
    line.client(command({"GET", "foo"}));
    EXPECT_EQ(line.answers(refusal), "-ASK 12182 10.0.0.9:6379\r\n");
    EXPECT_EQ(line.bypasses, std::vector<std::string>{"10.0.0.9:6379"});
}

TEST(redis_fault, an_error_may_end_the_connection)
{
    session line;
    line.add({{"preset", "max_clients"}});
    line.client(command({"PING"}));
    EXPECT_EQ(line.answers(refusal), "-ERR max number of clients reached\r\n");
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(redis_fault, lost_answers_reset_close_or_stall)
{
    for (auto const& [then, end] : std::vector<std::pair<std::string, std::optional<ending>>>{
             {"", ending::reset}, {"close", ending::close}, {"stall", std::nullopt}}) {
        session line;
        line.add({{"fault", "lose_reply"}, {"then", then}}, {{"command", "INCR"}});
        line.client(command({"GET", "a"}) + command({"INCR", "a"}) + command({"GET", "b"}));
        EXPECT_EQ(line.to_server(),
                  command({"GET", "a"}) + command({"INCR", "a"}) + command({"GET", "b"}));
        EXPECT_EQ(line.answers(bulk("1") + ":2\r\n" + bulk("3")), bulk("1"));
        EXPECT_EQ(line.ended[1], end) << then;
    }
}

TEST(redis_fault, what_is_asked_for_before_an_answer_with_which_it_ends_is_no_hit)
{
    for (auto const& fault :
         std::vector<attribute_list>{{{"fault", "lose_reply"}},
                                     {{"fault", "disconnect"}, {"apply", "after"}},
                                     {{"fault", "error"}, {"error", "OOM"}, {"then", "close"}}}) {
        session line;
        line.add(fault, {{"command", "INCR"}});
        line.client(command({"INCR", "a"}) + command({"INCR", "a"}) + command({"INCR", "a"}));
        line.client(command({"INCR", "a"}));
        EXPECT_EQ(line.hits.size(), 1U);
        line.server(line.to_server().starts_with(refused) ? refusal : ":12\r\n");
        EXPECT_TRUE(line.ended[1]);
    }
}

TEST(redis_fault, toxics_are_asked_again_when_such_an_answer_has_passed)
{
    session line;
    line.add({{"fault", "error"}, {"error", "OOM"}, {"apply", "after"}, {"then", "reset"}});
    line.client(command({"INCR", "a"}) + command({"INCR", "a"}));
    EXPECT_EQ(line.answers("-ERR of its own\r\n"), "-ERR of its own\r\n");
    line.client(command({"INCR", "a"}));
    EXPECT_EQ(line.hits.size(), 2U);
    EXPECT_EQ(line.answers(":1\r\n"), ":1\r\n");
    EXPECT_FALSE(line.answers(":2\r\n").empty());
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(redis_fault, toxics_are_asked_again_when_a_message_was_the_answer)
{
    session line;
    line.add({{"fault", "lose_reply"}}, {{"command", "SUBSCRIBE,UNSUBSCRIBE"}});
    line.client(command({"SUBSCRIBE", "a"}));
    auto const confirmed = list({"subscribe", "a", "1"});
    EXPECT_EQ(line.answers(confirmed), confirmed);
    line.client(command({"UNSUBSCRIBE", "a"}));
    EXPECT_EQ(line.hits.size(), 2U);
}

TEST(redis_fault, a_delay_that_is_updated_lets_go)
{
    session line;
    auto const slow = line.add({{"delay", 1000}});
    auto const other = line.add({{"preset", "loading"}}, {{"command", "SET"}});
    EXPECT_EQ(line.sends(command({"GET", "a"})), "");
    line.update(other, {{"fault", "nil"}}, {{"command", "SET"}});
    EXPECT_EQ(line.to_server(), "");
    line.update(slow, {{"delay", 2000}});
    EXPECT_EQ(line.to_server(), command({"GET", "a"}));
    EXPECT_EQ(line.sends(command({"GET", "b"})), "");
    line.pass(2s);
    EXPECT_EQ(line.to_server(), command({"GET", "b"}));
}

TEST(redis_fault, nil_of_what_is_no_value_is_told_of)
{
    session line;
    line.add({{"fault", "nil"}});
    EXPECT_TRUE(line.passes(command({"SET", "a", "b"}), ok));
    EXPECT_EQ(line.told, std::vector<std::string>{"passed: the answer is no value"});
}

TEST(redis_fault, nil_of_an_exec_is_a_watch_that_failed)
{
    session line;
    line.add({{"fault", "nil"}}, {{"command", "EXEC"}});
    EXPECT_TRUE(line.passes(command({"MULTI"}), ok));
    EXPECT_TRUE(line.passes(command({"INCR", "a"}), "+QUEUED\r\n"));
    line.client(command({"EXEC"}));
    EXPECT_EQ(line.answers("*1\r\n:1\r\n"), "*-1\r\n");
}

TEST(redis_fault, a_lost_request_never_arrives_nor_what_is_behind_it)
{
    session line;
    line.add({{"fault", "lose_request"}}, {{"command", "INCR"}});
    EXPECT_EQ(line.sends(command({"GET", "a"}) + command({"INCR", "a"}) + command({"GET", "b"})),
              command({"GET", "a"}));
    EXPECT_EQ(line.answers(bulk("1")), bulk("1"));
    EXPECT_EQ(line.sends(command({"GET", "c"})), "");
}

TEST(redis_fault, disconnects_before_and_after)
{
    session before;
    before.add({{"fault", "disconnect"}, {"cut", "fin"}});
    EXPECT_EQ(before.sends(command({"INCR", "a"})), "");
    EXPECT_EQ(before.ended[1], ending::close);
    session after;
    after.add({{"fault", "disconnect"}, {"apply", "after"}});
    EXPECT_EQ(after.sends(command({"INCR", "a"})), command({"INCR", "a"}));
    EXPECT_FALSE(after.ended[1]);
    EXPECT_EQ(after.answers(":1\r\n"), "");
    EXPECT_EQ(after.ended[1], ending::reset);
}

TEST(redis_fault, nothing_is_found_in_the_form_of_the_answer)
{
    for (bool const resp3 : {false, true}) {
        session line;
        if (resp3)
            line.passes(command({"HELLO", "3"}), "%0\r\n");
        line.add({{"fault", "nil"}});
        std::string const nil = resp3 ? "_\r\n" : "$-1\r\n";
        std::string const no_list = resp3 ? "_\r\n" : "*-1\r\n";
        auto const told = [&](std::initializer_list<std::string_view> words,
                              std::string_view answer) {
            line.client(command(words));
            return line.answers(answer);
        };
        EXPECT_EQ(told({"GET", "a"}, bulk("x")), nil);
        EXPECT_EQ(told({"GET", "a"}, bulk(std::string(2'000'000, 'x'))), nil);
        EXPECT_EQ(told({"MGET", "a", "b"}, list({"x", "y"})),
                  std::string("*2\r\n").append(nil).append(nil));
        EXPECT_EQ(told({"LRANGE", "a", "0", "-1"}, list({"x", "y"})), "*0\r\n");
        EXPECT_EQ(told({"HGETALL", "a"}, "%1\r\n+a\r\n+b\r\n"), "%0\r\n");
        EXPECT_EQ(told({"SMEMBERS", "a"}, list({"x"}, '~')), "~0\r\n");
        EXPECT_EQ(told({"EXISTS", "a"}, ":1\r\n"), ":0\r\n");
        EXPECT_EQ(told({"SET", "a", "b"}, ok), ok);
        EXPECT_EQ(told({"GET", "a"}, "-WRONGTYPE x\r\n"), "-WRONGTYPE x\r\n");
        EXPECT_EQ(told({"XREAD", "STREAMS", "a", "0"}, "*-1\r\n"), no_list);
        EXPECT_EQ(told({"BLPOP", "a", "0"}, list({"a", "x"})), no_list);
        EXPECT_EQ(told({"LPOP", "a", "2"}, list({"x", "y"})), no_list);
        EXPECT_EQ(told({"LPOP", "a"}, bulk("x")), nil);
    }
}

TEST(redis_fault, stale_answers_are_those_of_another_time)
{
    auto const common = redis::protocol.common();
    session one(common);
    session two(common);
    for (auto* line : {&one, &two})
        line->add({{"fault", "stale"}, {"age", 1000}}, {{"key", "a*"}});
    auto const get = [](session& line, std::string_view key, std::string_view answer) {
        line.client(command({"GET", key}));
        return line.answers(answer);
    };
    EXPECT_EQ(get(one, "a", bulk("1")), bulk("1"));
    one.pass(600ms);
    EXPECT_EQ(get(one, "a", bulk("2")), bulk("1"));
    EXPECT_EQ(get(one, "a2", bulk("x")), bulk("x"));
    EXPECT_EQ(get(one, "b", bulk("y")), bulk("y"));
    one.pass(999ms);
    EXPECT_EQ(get(one, "a", bulk("3")), bulk("1"));
    one.pass(1ms);
    EXPECT_EQ(get(one, "a", bulk("3")), bulk("2"));
    two.pass(5s);
    EXPECT_EQ(get(two, "a", bulk("9")), bulk("3"));
    two.client(command({"INCR", "a"}));
    EXPECT_EQ(two.told.back(), "passed: it does more than to read");
    EXPECT_EQ(two.answers(":1\r\n"), ":1\r\n");
}

TEST(redis_fault, an_answer_is_cut_short)
{
    session line;
    line.add({{"fault", "truncate"}, {"bytes", 6}}, {{"command", "GET"}});
    line.client(command({"PING"}) + command({"GET", "a"}));
    EXPECT_EQ(line.answers("+PONG\r\n" + bulk("hello")), "+PONG\r\n$5\r\nhe");
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(redis_fault, pushes_are_dropped)
{
    session line;
    line.add({{"preset", "lost_invalidation"}}, {{"key", "user:*"}});
    line.add({{"fault", "drop_push"}}, {{"command", "message"}, {"key", "news"}});
    line.passes(command({"HELLO", "3"}), "%0\r\n");
    auto const gone = ">2\r\n" + bulk("invalidate") + list({"user:1"});
    auto const stays = ">2\r\n" + bulk("invalidate") + list({"other"});
    EXPECT_EQ(line.answers(gone + stays), stays);
    line.client(command({"SUBSCRIBE", "news", "x"}));
    auto const confirmed =
        list({"subscribe", "news", "1"}, '>') + list({"subscribe", "x", "2"}, '>');
    EXPECT_EQ(line.answers(confirmed + list({"message", "news", "a"}, '>') +
                           list({"message", "x", "a"}, '>')),
              confirmed + list({"message", "x", "a"}, '>'));
    EXPECT_EQ(line.hits.size(), 2U);
    EXPECT_EQ(line.hit(0, "kind"), "push");
}

TEST(redis_fault, messages_of_resp2_are_dropped)
{
    session line;
    line.add({{"preset", "lost_invalidation"}});
    line.add({{"fault", "drop_push"}}, {{"key", "news.*"}});
    line.client(command({"PSUBSCRIBE", "n*"}) + command({"SUBSCRIBE", "__redis__:invalidate"}));
    auto const confirmed =
        list({"psubscribe", "n*", "1"}) + list({"subscribe", "__redis__:invalidate", "2"});
    auto const invalidation =
        "*3\r\n" + bulk("message") + bulk("__redis__:invalidate") + list({"a", "b"});
    EXPECT_EQ(line.answers(confirmed + list({"pmessage", "n*", "news.de", "a"}) + invalidation +
                           list({"pmessage", "n*", "nice", "a"})),
              confirmed + list({"pmessage", "n*", "nice", "a"}));
    EXPECT_EQ(line.hit(1, "command"), "invalidate");
    EXPECT_EQ(line.hit(1, "key"), "a,b");
}

TEST(redis_fault, a_delayed_command_lets_what_is_behind_it_wait)
{
    session line;
    line.add({{"preset", "slow_keys"}}, {{"key", "slow"}});
    EXPECT_EQ(line.sends(command({"GET", "a"}) + command({"GET", "slow"}) + command({"GET", "b"})),
              command({"GET", "a"}));
    line.pass(499ms);
    EXPECT_EQ(line.to_server(), "");
    line.pass(1ms);
    EXPECT_EQ(line.to_server(), command({"GET", "slow"}) + command({"GET", "b"}));
    EXPECT_EQ(line.answers(bulk("1") + bulk("2") + bulk("3")), bulk("1") + bulk("2") + bulk("3"));
    EXPECT_EQ(line.gave_up, "");
}

TEST(redis_fault, a_removed_delay_lets_its_command_go)
{
    session line;
    auto const id = line.add({{"fault", "delay"}, {"delay", 60'000}});
    EXPECT_EQ(line.sends(command({"GET", "a"})), "");
    line.client_ends();
    line.remove(id);
    EXPECT_EQ(line.to_server(), command({"GET", "a"}));
    EXPECT_EQ(line.ended[0], ending::half_close);
}

TEST(redis_fault, a_command_that_is_called_as_in_the_table_is_unknown)
{
    session line;
    line.add({{"preset", "loading"}});
    EXPECT_EQ(line.sends("config|get\r\n"), refused);
    EXPECT_EQ(line.hit(0, "command"), "CONFIG|GET");
}

TEST(redis_fault, what_has_no_answer_is_told)
{
    session line;
    line.add({{"fault", "error"}, {"error", "LOADING"}, {"apply", "after"}}, {{"command", "SET"}});
    line.client(command({"CLIENT", "REPLY", "OFF"}) + command({"SET", "a", "1"}));
    EXPECT_EQ(line.told, std::vector<std::string>{"passed: it has no answer"});
}

TEST(redis_fault, a_large_command_is_held_as_far_as_it_is_looked_at)
{
    session line;
    line.add({{"fault", "error"}, {"error", "OOM"}}, {{"key", "a"}});
    auto const set = command({"SET", "a", std::string(3'000'000, 'x')});
    for (std::size_t at = 0; at < set.size(); at += 60'000)
        line.client(std::string_view(set).substr(at, 60'000));
    EXPECT_EQ(line.to_server(), refused);
    EXPECT_EQ(line.answers(refusal).substr(0, 4), "-OOM");
    auto const other = command({"SET", "b", std::string(3'000'000, 'x')});
    for (std::size_t at = 0; at < other.size(); at += 60'000)
        line.client(std::string_view(other).substr(at, 60'000));
    EXPECT_EQ(line.to_server(), other);
    EXPECT_EQ(line.answers(ok), ok);
}

TEST(redis_fault, a_value_that_is_too_large_to_be_held_is_not_waited_for)
{
    session line;
    line.add({{"fault", "nil"}}, {{"key", "nobody"}});
    constexpr std::string_view begun = "*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$2000000000\r\n";
    EXPECT_EQ(line.sends(begun), begun);
    EXPECT_EQ(line.answers("-ERR Protocol error: invalid bulk length\r\n"),
              "-ERR Protocol error: invalid bulk length\r\n");
}

}  // namespace
