#include "api/daemon/proxies_variable.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aconite::daemon {
namespace {

std::string variable_fault(std::string_view text)
{
    auto const proxies = read_proxies_variable(text);
    return proxies ? "" : proxies.error().text;
}

TEST(proxies_variable, names_listen_and_upstream)
{
    auto const proxies =
        read_proxies_variable("pg=0.0.0.0:5433->postgres:5432, redis = :6380 -> redis:6379,\n"
                              "  v6=[::1]:0->[::1]:80,");
    ASSERT_TRUE(proxies);
    ASSERT_EQ(proxies->size(), 3U);
    EXPECT_EQ((*proxies)[0].name, "pg");
    EXPECT_EQ((*proxies)[0].listen, "0.0.0.0:5433");
    EXPECT_EQ((*proxies)[0].upstream, "postgres:5432");
    EXPECT_EQ((*proxies)[1].name, "redis");
    EXPECT_EQ((*proxies)[1].listen, ":6380");
    EXPECT_EQ((*proxies)[1].upstream, "redis:6379");
    EXPECT_EQ((*proxies)[2].listen, "[::1]:0");
    EXPECT_EQ((*proxies)[2].upstream, "[::1]:80");
    EXPECT_TRUE((*proxies)[2].enabled);
}

TEST(proxies_variable, may_be_empty)
{
    for (auto const* text : {"", " ", ",", " ,\n,"})
        EXPECT_TRUE(read_proxies_variable(text).value().empty()) << text;
}

TEST(proxies_variable, may_have_a_line_for_each)
{
    auto const proxies =
        read_proxies_variable("\n  pg=:1->b:2\r\n\n\tredis=:3 -> b:4,\nkafka=:5->b:6\n");
    ASSERT_TRUE(proxies) << proxies.error().text;
    ASSERT_EQ(proxies->size(), 3U);
    EXPECT_EQ((*proxies)[0].upstream, "b:2");
    EXPECT_EQ((*proxies)[1].name, "redis");
    EXPECT_EQ((*proxies)[2].upstream, "b:6");
}

TEST(proxies_variable, tells_the_entry_that_is_none)
{
    for (auto const* entry : {"pg", "pg=:1", ":1->b:2", "pg->b:2", "=:1->b:2", "pg=->b:2",
                              "pg=:1->", "a->b=c:1", "pg=:1>b:2"})
        EXPECT_EQ(variable_fault(std::string("a=:1->b:2,") + entry),
                  "entry 2: \"" + std::string(entry) + "\" must be NAME=LISTEN->UPSTREAM");
}

TEST(proxies_variable, tells_the_character_that_cannot_stand_there)
{
    struct row {
        char const* text;
        char const* place;  ///< and the character
    };
    for (auto const& [text, place] :
         {row{"a=:1->b:2;c=:3->d:4", "entry 1, character 10: \";\""},
          row{"a=:1->b:2 c=:3->d:4", "entry 1, character 10: \" \""},
          row{"x=:9->b:1,\n a=:1->b:2; ", "entry 2, character 10: \";\""},
          row{"\"a=:1->b:2\"", "entry 1, character 1: \"\\\"\""},
          row{"'a=:1->b:2'", "entry 1, character 1: \"'\""},
          row{"a=':1'->b:2", "entry 1, character 3: \"'\""},
          row{"a b=:1->b:2", "entry 1, character 2: \" \""},
          row{"a=:1->b:2->c:3", "entry 1, character 11: \">\""},
          row{"a=:1->b:2\rc=:3->d:4", "entry 1, character 10: \"\\r\""},
          row{"a=:1->b\x1b[2J:2", "entry 1, character 8: \"\\u001b\""},
          row{"a=:1->http://b:2", "entry 1, character 12: \"/\""}})
        EXPECT_TRUE(variable_fault(text).starts_with(std::string(place) + " cannot stand in \""))
            << variable_fault(text);
}

TEST(proxies_variable, tells_what_no_address_is)
{
    EXPECT_EQ(variable_fault("a=:1->b"),
              "entry 1: 'upstream' must be host:port: address b: missing port in address");
    EXPECT_EQ(variable_fault("a=:1->b:2,c=:70000->b:2"),
              "entry 2: 'listen' must be host:port: address 70000: invalid port");
    EXPECT_EQ(variable_fault("a=:1->b:65536"),
              "entry 1: 'upstream' must be host:port: address 65536: invalid port");
}

}  // namespace
}  // namespace aconite::daemon
