// What a conversation knows of its session, and that without a toxic every byte passes.
#include "tests/unit/toxics/redis/messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::rd;

/// A session of many kinds of commands and answers; `c` is the client's, `s` the server's.
std::vector<std::pair<char, std::string>> const& script()
{
    static std::vector<std::pair<char, std::string>> const all{
        {'c', command({"HELLO", "3", "AUTH", "alice", "secret", "SETNAME", "shop"})},
        {'s', "%1\r\n+server\r\n+redis\r\n"},
        {'c', command({"SELECT", "4"}) + command({"GET", "a"}) + "PING\r\n\r\n*0\r\n"},
        {'s', ok + ">2\r\n+invalidate\r\n*1\r\n$1\r\na\r\n" + bulk(std::string(3000, 'x'))},
        {'s', "+PONG\r\n"},
        {'c',
         command({"MULTI"}) + command({"SET", "a", std::string(5000, 'y')}) + command({"EXEC"})},
        {'s', ok + queued + "*1\r\n" + ok},
        {'c', command({"SUBSCRIBE", "x", "y"}) + command({"GET", "b"})},
        {'s', list({"subscribe", "x", "1"}, '>') + list({"subscribe", "y", "2"}, '>') + "_\r\n"},
        {'s', list({"message", "x", "hello"}, '>')},
        {'c', command({"CLIENT", "REPLY", "SKIP"}) + command({"SET", "a", "1"}) +
                  command({"CLIENT", "REPLY", "OFF"}) + command({"SET", "a", "2"}) +
                  command({"CLIENT", "REPLY", "ON"})},
        {'s', ok},
        {'c', command({"GET", "a"})},
        {'s', "|1\r\n+ttl\r\n:5\r\n" + bulk("2")},
        {'c', command({"RESET"})},
        {'s', "+RESET\r\n"},
        {'c', command({"SUBSCRIBE", "x"})},
        {'s', list({"subscribe", "x", "1"})},
        {'s', list({"message", "x", "hello"})},
        {'c', command({"UNSUBSCRIBE"}) + command({"LRANGE", "l", "0", "-1"})},
        {'s', list({"unsubscribe", "x", "0"}) + list({"a", "b"})},
        {'c', command({"MONITOR"})},
        {'s', ok + "+1700000000.123456 [0 127.0.0.1:5000] \"GET\" \"a\"\r\n"},
        {'c', command({"PING"})},
        {'s', "+1700000000.123456 [0 127.0.0.1:5000] \"PING\"\r\n+PONG\r\n"},
        {'c', command({"RESET"})},
        {'s', "+1700000000.123456 [0 127.0.0.1:5000] \"GET\" \"b\"\r\n+RESET\r\n"},
        {'c', command({"QUIT"})},
        {'s', ok},
    };
    return all;
}

void play(session& line, std::size_t piece)
{
    for (auto const& [who, bytes] : script()) {
        std::string out;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            auto const part = std::string_view(bytes).substr(at, piece);
            out += who == 'c' ? line.sends(part) : line.answers(part);
        }
        ASSERT_EQ(out, bytes);
        ASSERT_EQ(line.gave_up, "");
    }
}

TEST(redis_follow, passes_all_as_it_came)
{
    for (std::size_t const piece : {1U, 2U, 3U, 7U, 64U, 1000U, 100'000U}) {
        session line;
        play(line, piece);
    }
}

TEST(redis_follow, passes_all_beside_a_toxic_that_never_acts)
{
    for (std::size_t const piece : {1U, 3U, 64U, 100'000U}) {
        session line;
        line.add({{"fault", "error"}, {"error", "LOADING"}}, {{"key", "nobody:*"}});
        line.add({{"fault", "drop_push"}}, {{"key", "nobody"}});
        play(line, piece);
        EXPECT_TRUE(line.hits.empty());
    }
}

TEST(redis_follow, answers_are_told_apart_after_all_of_that)
{
    session line;
    play(line, 100);
    line.add({{"fault", "error"}, {"error", "LOADING"}});
    EXPECT_EQ(line.sends(command({"GET", "a"})), refused);
    EXPECT_EQ(line.answers(refusal), "-LOADING Redis is loading the dataset in memory\r\n");
}

TEST(redis_follow, a_session_is_known)
{
    session line;
    line.add({{"fault", "truncate"}, {"bytes", 9999}}, {{"command", "GET,SET,CONFIG SET,MGET"}});
    auto const of_last = [&](std::string_view field) {
        return line.hit(line.hits.size() - 1, field);
    };
    line.client(command({"GET", "a"}));
    EXPECT_EQ(of_last("user"), "default");
    EXPECT_EQ(of_last("database"), "0");
    EXPECT_EQ(of_last("in_multi"), "no");
    EXPECT_EQ(of_last("arguments"), "2");
    line.client(command({"AUTH", "alice", "secret"}) + command({"SELECT", "4"}) +
                command({"CLIENT", "SETNAME", "shop"}) + command({"MULTI"}) +
                command({"set", "user:1", "x"}));
    EXPECT_EQ(of_last("command"), "SET");
    EXPECT_EQ(of_last("key"), "user:1");
    EXPECT_EQ(of_last("user"), "alice");
    EXPECT_EQ(of_last("database"), "4");
    EXPECT_EQ(of_last("client_name"), "shop");
    EXPECT_EQ(of_last("in_multi"), "yes");
    line.client(command({"EXEC"}) + command({"CONFIG", "SET", "maxmemory", "1"}));
    EXPECT_EQ(of_last("command"), "CONFIG SET");
    EXPECT_EQ(of_last("in_multi"), "no");
    line.client(command({"MGET", "a", "b", "c"}));
    EXPECT_EQ(of_last("key"), "a,b,c");
    line.client(command({"RESET"}) + command({"GET", "a"}));
    EXPECT_EQ(of_last("user"), "default");
    EXPECT_EQ(of_last("database"), "0");
    EXPECT_EQ(of_last("client_name"), "");
}

TEST(redis_follow, what_cannot_be_followed_passes_and_is_told)
{
    struct odd {
        char who;
        std::string bytes;
        std::string why;
    };
    for (auto const& [who, bytes, why] :
         std::vector<odd>{{'c', "\x16\x03\x01", "encrypted"},
                          {'c', "*1\r\nGET\r\n", "not Redis' protocol"},
                          {'c', command({"PSYNC", "?", "-1"}), "replication"},
                          {'c', command({"SYNC"}) + "anything", "replication"},
                          {'s', "HTTP/1.1 400\r\n", "not Redis' protocol"},
                          {'s', "+unasked\r\n", "an answer that nobody asked for"}})
        for (bool const beside : {false, true}) {
            session line;
            if (beside)
                line.add({{"fault", "nil"}}, {{"key", "nobody"}});
            EXPECT_EQ(who == 'c' ? line.sends(bytes) : line.answers(bytes), bytes);
            EXPECT_EQ(line.gave_up, why);
            EXPECT_EQ(line.sends("more"), "more");
            EXPECT_EQ(line.answers("more"), "more");
        }
}

TEST(redis_follow, an_error_that_nobody_asked_for_says_why_a_server_closes)
{
    session line;
    EXPECT_EQ(line.answers("-ERR max number of clients reached\r\n"),
              "-ERR max number of clients reached\r\n");
    EXPECT_EQ(line.gave_up, "");
}

TEST(redis_follow, large_texts_need_not_be_seen)
{
    session line;
    std::string const value(100'000, 'v');
    auto const set = command({"SET", "a", value});
    line.client(std::string_view(set).substr(0, 600));
    auto const rest = std::string_view(set).substr(600);
    auto const unseen = line.unseen(stream::upstream, rest);
    EXPECT_GT(unseen, 99'000U);
    line.client(rest.substr(unseen));
    EXPECT_EQ(line.to_server(), set);
    EXPECT_EQ(line.answers(ok), ok);
    line.client(command({"GET", "a"}));
    auto const answer = bulk(value);
    line.server(std::string_view(answer).substr(0, 20));
    auto const more = std::string_view(answer).substr(20);
    auto const passed = line.unseen(stream::downstream, more);
    EXPECT_GT(passed, 99'000U);
    line.server(more.substr(passed));
    EXPECT_EQ(line.to_client(), answer);
}

}  // namespace
