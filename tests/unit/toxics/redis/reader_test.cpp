// Values and commands are read to their end, whatever pieces they come in.
#include "tests/unit/toxics/redis/messages.hpp"
#include "toxics/redis/command_reader.hpp"
#include "toxics/redis/value_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite::redis;
using namespace aconite::test::rd;

constexpr std::string_view behind = "+behind\r\n";

TEST(redis_value, of_each_kind_is_read_to_its_end)
{
    for (std::string const one : {"+OK\r\n",
                                  "-ERR no\r\n",
                                  ":5\r\n",
                                  "$3\r\na\nb\r\n",
                                  "$0\r\n\r\n",
                                  "$-1\r\n",
                                  "*-1\r\n",
                                  "*0\r\n",
                                  "*2\r\n:1\r\n$1\r\na\r\n",
                                  "*2\r\n*1\r\n*0\r\n:1\r\n",
                                  "_\r\n",
                                  "#t\r\n",
                                  ",1.5\r\n",
                                  "(123456789012345678901234567890\r\n",
                                  "!5\r\nERR x\r\n",
                                  "=7\r\ntxt:abc\r\n",
                                  "~2\r\n:1\r\n:2\r\n",
                                  "%1\r\n+a\r\n:1\r\n",
                                  ">2\r\n+message\r\n$1\r\na\r\n",
                                  "|1\r\n+ttl\r\n:5\r\n$1\r\na\r\n",
                                  "*1\r\n|1\r\n+a\r\n*1\r\n:1\r\n:5\r\n"})
        for (std::size_t piece = 1; piece <= one.size(); ++piece) {
            SCOPED_TRACE(one + " by " + std::to_string(piece));
            value_reader reader;
            reader.restart(2);
            auto const all = one + std::string(behind);
            std::size_t at = 0;
            while (!reader.is_whole() && at < all.size()) {
                ASSERT_FALSE(reader.is_bad());
                at += reader.feed(std::string_view(all).substr(at, piece));
            }
            EXPECT_EQ(at, one.size());
            EXPECT_EQ(reader.type(), one.front() == '|' ? '$' : one.front());
        }
}

TEST(redis_value, texts_are_collected_in_order)
{
    value_reader reader;
    reader.restart(4);
    reader.feed(">3\r\n$7\r\nmessage\r\n*1\r\n+a\r\n:17\r\n");
    EXPECT_TRUE(reader.is_whole());
    EXPECT_EQ(reader.texts(), (std::vector<std::string>{"message", "a", "17"}));
    EXPECT_EQ(reader.elements(), 3);
    for (std::size_t const size : {510U, 511U, 512U, 513U, 514U, 2000U}) {
        reader.restart(1);
        reader.feed(bulk(std::string(size, 'x')));
        EXPECT_EQ(reader.texts().at(0).size(), std::min<std::size_t>(size, 512)) << size;
    }
}

TEST(redis_value, bytes_of_a_text_need_not_be_seen)
{
    value_reader reader;
    reader.restart(0);
    reader.feed("*2\r\n$1000\r\nab");
    EXPECT_EQ(reader.unseen(), 998U);
    reader.on_unseen(998);
    EXPECT_EQ(reader.unseen(), 0U);
    reader.feed("\r\n:1\r\n");
    EXPECT_TRUE(reader.is_whole());
}

TEST(redis_value, that_no_server_sends_is_told)
{
    for (std::string const one :
         {"x\r\n", "$x\r\n", "*\r\n", "$-2\r\n", "+OK\n", "*99999999999\r\n", "$?\r\n", "*?\r\n",
          "$9999999999999999\r\n", "%4294967296\r\n", "\r\n", "\n"}) {
        value_reader reader;
        reader.restart(0);
        reader.feed(one);
        EXPECT_TRUE(reader.is_bad()) << one;
    }
}

TEST(redis_command, of_each_form_is_read_to_its_end)
{
    struct form {
        std::string bytes;
        std::size_t count;
        std::vector<std::string> words;
    };
    for (auto const& [one, count, words] : std::vector<form>{
             {command({"GET", "a"}), 2, {"GET", "a"}},
             {command({"SET", "a", std::string(600, 'b')}), 3, {"SET", "a", std::string(512, 'b')}},
             {command({"MGET", "a", "b", "c", "d"}), 5, {"MGET", "a", "b"}},
             {"*0\r\n", 0, {}},
             {"*-1\r\n", 0, {}},
             {"\r\n", 0, {}},
             {"PING\r\n", 1, {"PING"}},
             {"  SET a \"b c\"  'd'\n", 4, {"SET", "a", "b c"}},
             {"*1\r\n$0\r\n\r\n", 1, {""}}})
        for (std::size_t piece = 1; piece <= one.size(); ++piece) {
            SCOPED_TRACE(one + " by " + std::to_string(piece));
            command_reader reader;
            reader.restart(3);
            auto const all = one + std::string(behind);
            std::size_t at = 0;
            while (!reader.is_whole() && at < all.size()) {
                ASSERT_FALSE(reader.is_bad());
                at += reader.feed(std::string_view(all).substr(at, piece));
            }
            EXPECT_EQ(at, one.size());
            EXPECT_EQ(reader.count(), count);
            EXPECT_EQ(reader.words(), words);
        }
}

TEST(redis_command, that_no_client_sends_is_told)
{
    for (std::string const& one :
         {std::string("*x\r\n"), std::string("*1\r\nGET\r\n"), std::string("*1\r\n$-1\r\n"),
          std::string("*99999999999\r\n"), std::string(70'000, 'a')}) {
        command_reader reader;
        reader.restart(3);
        reader.feed(one);
        EXPECT_TRUE(reader.is_bad()) << one.substr(0, 20);
    }
}

}  // namespace
