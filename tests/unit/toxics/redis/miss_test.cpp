// What `nil` makes of an answer is what a server says of a key that is not there. The same with a
// real server, of all commands that read: tests/integration/servers/test_redis_misses.py.
#include "tests/unit/toxics/redis/messages.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::rd;

/// A command, what it is answered and what it would be without its key.
struct case_of_miss {
    std::vector<std::string_view> words;
    std::string found;
    std::string missed;
    std::string missed_resp3{};  ///< empty: the same
};

std::vector<case_of_miss> const& cases()
{
    static std::string const nil = "$-1\r\n";
    static std::string const no_list = "*-1\r\n";
    static std::string const null = "_\r\n";
    static std::string const no_cursor = "*2\r\n$1\r\n0\r\n*0\r\n";
    static std::string const no_group = "-NOGROUP No such key 'x y' or consumer group 'g'\r\n";
    static std::string const no_match = "$7\r\nmatches\r\n*0\r\n$3\r\nlen\r\n:0\r\n";
    static std::vector<case_of_miss> const all{
        {{"SCAN", "0"}, "*2\r\n" + bulk("7") + list({"a"}), no_cursor},
        {{"hscan", "a", "0"}, "*2\r\n" + bulk("0") + list({"a", "b"}), no_cursor},
        {{"SSCAN", "a", "0"}, "*2\r\n" + bulk("0") + list({"a"}), no_cursor},
        {{"ZSCAN", "a", "0"}, "*2\r\n" + bulk("0") + list({"a", "1"}), no_cursor},
        {{"TTL", "a"}, ":5\r\n", ":-2\r\n"},
        {{"PTTL", "a"}, ":-1\r\n", ":-2\r\n"},
        {{"EXPIRETIME", "a"}, ":5\r\n", ":-2\r\n"},
        {{"PEXPIRETIME", "a"}, ":5\r\n", ":-2\r\n"},
        {{"TYPE", "a"}, "+string\r\n", "+none\r\n"},
        {{"GETRANGE", "a", "0", "1"}, bulk("ab"), bulk("")},
        {{"SUBSTR", "a", "0", "1"}, bulk("ab"), bulk("")},
        {{"LCS", "a", "b"}, bulk("ab"), bulk("")},
        {{"LCS", "a", "b", "LEN"}, ":2\r\n", ":0\r\n"},
        {{"LCS", "a", "b", "IDX"}, list({"matches", "x", "len", "1"}), "*4\r\n" + no_match},
        {{"LCS", "a", "b", "IDX"}, "%1\r\n" + bulk("len") + ":1\r\n", "%2\r\n" + no_match},
        {{"EXISTS", "a", "b"}, ":2\r\n", ":0\r\n"},
        {{"STRLEN", "a"}, ":2\r\n", ":0\r\n"},
        {{"HGETALL", "a"}, list({"a", "b"}), "*0\r\n"},
        {{"SMEMBERS", "a"}, list({"a"}, '~'), "~0\r\n"},
        {{"ZRANK", "a", "b"}, ":2\r\n", nil, null},
        {{"LPOS", "a", "b"}, ":2\r\n", nil, null},
        {{"LPOS", "a", "b", "COUNT", "1"}, "*1\r\n:2\r\n", "*0\r\n"},
        {{"OBJECT", "REFCOUNT", "a"}, ":1\r\n", nil, null},
        {{"MEMORY", "USAGE", "a"}, ":56\r\n", nil, null},
        {{"ZSCORE", "a", "b"}, ",1.5\r\n", nil, null},
        {{"MGET", "a", "b"}, list({"1", "2"}), "*2\r\n" + nil + nil, "*2\r\n" + null + null},
        {{"ZMSCORE", "a", "b"}, list({"1"}), "*1\r\n" + nil, "*1\r\n" + null},
        {{"GEOPOS", "a", "b"}, "*1\r\n" + list({"1", "2"}), "*1\r\n" + no_list, "*1\r\n" + null},
        {{"SMISMEMBER", "a", "b", "c"}, "*2\r\n:1\r\n:0\r\n", "*2\r\n:0\r\n:0\r\n"},
        {{"BITFIELD_RO", "a", "GET", "u8", "0"}, "*1\r\n:97\r\n", "*1\r\n:0\r\n"},
        {{"BITPOS", "a", "1"}, ":3\r\n", ":-1\r\n"},
        {{"BITPOS", "a", "0"}, ":3\r\n", ":0\r\n"},
        {{"LPOP", "a"}, bulk("x"), nil, null},
        {{"LPOP", "a", "2"}, list({"x"}), no_list, null},
        {{"BLMOVE", "a", "b", "LEFT", "LEFT", "1"}, bulk("x"), no_list, null},
        {{"XREAD", "STREAMS", "a", "0"}, "*1\r\n" + list({"a", "b"}), no_list, null},
        {{"XINFO", "STREAM", "a"}, list({"length", "1"}), "-ERR no such key\r\n"},
        {{"XPENDING", "x\ny", "g"}, list({"1"}), no_group},
        {{"MODULE.GET", "a"}, list({"1"}), "*0\r\n"},
        {{"MODULE.GET", "a"}, bulk("1"), nil, null},
        {{"EVAL", "return KEYS", "1", "a"}, ":5\r\n", ":0\r\n"},
    };
    return all;
}

std::string told_for(session& line, case_of_miss const& each)
{
    auto asked = "*" + std::to_string(each.words.size()) + "\r\n";
    for (auto const word : each.words)
        asked += bulk(word);
    EXPECT_EQ(line.sends(asked), asked);
    return line.answers(each.found);
}

TEST(redis_miss, says_what_a_server_says)
{
    for (bool const resp3 : {false, true}) {
        session line;
        if (resp3)
            line.passes(command({"HELLO", "3"}), "%0\r\n");
        line.add({{"fault", "nil"}});
        for (auto const& each : cases())
            EXPECT_EQ(told_for(line, each),
                      resp3 && !each.missed_resp3.empty() ? each.missed_resp3 : each.missed)
                << each.words.front() << " " << each.words.back();
        EXPECT_TRUE(line.told.empty());
    }
}

TEST(redis_miss, what_looks_nothing_up_passes)
{
    std::vector<case_of_miss> const all{
        {{"TIME"}, list({"1", "2"}), {}},      {{"ROLE"}, list({"master", "0"}), {}},
        {{"COMMAND"}, list({"x"}), {}},        {{"CONFIG", "GET", "a"}, list({"a", "b"}), {}},
        {{"CLIENT", "ID"}, ":5\r\n", {}},      {{"CLUSTER", "SLOTS"}, list({}), {}},
        {{"INCR", "a"}, ":5\r\n", {}},         {{"SADD", "a", "b"}, ":1\r\n", {}},
        {{"PUBLISH", "a", "b"}, ":1\r\n", {}}, {{"PING"}, "+PONG\r\n", {}},
        {{"ECHO", "a"}, bulk("a"), {}},
    };
    session line;
    line.add({{"fault", "nil"}});
    for (auto const& each : all) {
        EXPECT_EQ(told_for(line, each), each.found) << each.words.front();
        EXPECT_EQ(line.told, std::vector<std::string>{"passed: it looks nothing up"});
        line.told.clear();
    }
}

TEST(redis_miss, in_a_transaction_all_is_queued)
{
    session line;
    line.add({{"preset", "cache_stampede"}});
    EXPECT_TRUE(line.passes(command({"MULTI"}), ok));
    EXPECT_TRUE(line.passes(command({"TYPE", "a"}), queued));
    EXPECT_TRUE(line.passes(command({"TTL", "a"}), queued));
    EXPECT_EQ(line.told, std::vector<std::string>(2, "passed: the answer is no value"));
}

}  // namespace
