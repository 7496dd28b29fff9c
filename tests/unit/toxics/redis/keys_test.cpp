// Keys are found where the server's own table says, and slots as a cluster has them.
#include "toxics/redis/errors.hpp"
#include "toxics/redis/keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite::redis;

/// The keys of a line, with blanks between them.
std::string keys(std::string const& line, std::size_t kept = 1000)
{
    std::istringstream in(line);
    std::vector<std::string> words{std::istream_iterator<std::string>(in), {}};
    auto const count = words.size();
    words.resize(std::min(words.size(), kept));
    auto const* const row = find_command(words);
    if (row == nullptr)
        return "unknown";
    std::string made;
    std::vector<std::string_view> found;
    find_keys(*row, words, count, found);
    for (auto const key : found)
        made.append(made.empty() ? "" : " ").append(key);
    return made;
}

TEST(redis_keys, stand_where_the_server_says)
{
    EXPECT_EQ(keys("GET a"), "a");
    EXPECT_EQ(keys("get a"), "a");
    EXPECT_EQ(keys("PING"), "");
    EXPECT_EQ(keys("MGET a b c"), "a b c");
    EXPECT_EQ(keys("MSET a 1 b 2"), "a b");
    EXPECT_EQ(keys("DEL a b"), "a b");
    EXPECT_EQ(keys("BLPOP a b 5"), "a b");
    EXPECT_EQ(keys("ZUNIONSTORE to 2 a b WEIGHTS 1 2"), "to a b");
    EXPECT_EQ(keys("EVAL script 2 a b arg"), "a b");
    EXPECT_EQ(keys("EVAL script 0 arg"), "");
    EXPECT_EQ(keys("EVAL script 99 a b"), "a b");
    EXPECT_EQ(keys("EVAL script -1 a"), "");
    EXPECT_EQ(keys("XREAD COUNT 2 STREAMS a b 0 0"), "a b");
    EXPECT_EQ(keys("XREADGROUP GROUP g c STREAMS a >"), "a");
    EXPECT_EQ(keys("XREAD COUNT 2"), "");
    EXPECT_EQ(keys("OBJECT ENCODING a"), "a");
    EXPECT_EQ(keys("XGROUP CREATE a g 0"), "a");
    EXPECT_EQ(keys("BITOP AND to a b"), "to a b");
    EXPECT_EQ(keys("MIGRATE h 1 \"\" 0 5 KEYS a b"), "\"\" a b");
    EXPECT_EQ(keys("GEORADIUS a 1 2 3 km STORE to"), "a to");
    EXPECT_EQ(keys("RENAME a b"), "a b");
    EXPECT_EQ(keys("LPOS"), "");
    EXPECT_EQ(keys("XYZ a"), "unknown");
    EXPECT_EQ(keys("config|get"), "unknown");
    EXPECT_EQ(keys("object|encoding a"), "unknown");
    EXPECT_EQ(keys(""), "unknown");
    EXPECT_EQ(keys("MSET a 1 b 2", 3), "a");
    EXPECT_EQ(keys("XREAD STREAMS a b 0 0", 3), "a");
}

TEST(redis_keys, rows_are_in_order)
{
    EXPECT_TRUE(std::ranges::is_sorted(tables::commands(), {}, &command_row::name));
    EXPECT_GT(tables::commands().size(), 300U);
}

// As CLUSTER KEYSLOT of Redis 7 answers.
TEST(redis_keys, have_slots)
{
    EXPECT_EQ(slot_of("123456789"), 12739);
    EXPECT_EQ(slot_of("foo"), 12182);
    EXPECT_EQ(slot_of(""), 0);
    EXPECT_EQ(slot_of("{user1000}.following"), slot_of("user1000"));
    EXPECT_EQ(slot_of("foo{}{bar}"), 8363);
    EXPECT_EQ(slot_of("foo{{bar}}zap"), slot_of("{bar"));
    EXPECT_EQ(slot_of("foo{bar}{zap}"), slot_of("bar"));
}

}  // namespace
