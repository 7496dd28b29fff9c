#include "clients/cpp/url.hpp"

#include <gtest/gtest.h>

namespace aconite::client {
namespace {

TEST(url, reads_host_and_port_with_and_without_scheme)
{
    url const expected{.host = "localhost", .port = "8474", .prefix = ""};
    EXPECT_EQ(parse_url("http://localhost:8474").value(), expected);
    EXPECT_EQ(parse_url("http://localhost:8474/").value(), expected);
    EXPECT_EQ(parse_url("localhost:8474").value(), expected);
}

TEST(url, has_the_port_of_http_when_none_is_given)
{
    EXPECT_EQ(parse_url("http://toxics").value().port, "80");
    EXPECT_EQ(parse_url("[::1]").value().port, "80");
}

TEST(url, may_be_one_of_https)
{
    auto const where = parse_url("https://gateway/toxi").value();
    EXPECT_TRUE(where.secure);
    EXPECT_EQ(where.port, "443");
    EXPECT_EQ(to_text(where), "https://gateway:443/toxi");
    EXPECT_EQ(to_text(parse_url("https://[::1]:8474").value()), "https://[::1]:8474");
    EXPECT_FALSE(parse_url("http://gateway").value().secure);
    EXPECT_FALSE(parse_url("HTTPS://gateway"));
}

TEST(url, takes_an_ipv6_address_out_of_its_brackets_and_puts_it_back)
{
    auto const where = parse_url("http://[::1]:8474").value();
    EXPECT_EQ(where.host, "::1");
    EXPECT_EQ(where.port, "8474");
    EXPECT_EQ(authority(where), "[::1]:8474");
}

TEST(url, keeps_a_path_as_prefix)
{
    auto const where = parse_url("http://gateway:80/toxi/proxy/").value();
    EXPECT_EQ(where.prefix, "/toxi/proxy");
    EXPECT_EQ(to_text(where), "http://gateway:80/toxi/proxy");
}

TEST(url, refuses_what_is_no_address_and_quotes_it)
{
    for (auto const* text : {"", "http://", ":8474", "host:", "host:0", "host:65536", "host:http",
                             "ftp://host:1", "[::1:8474", "[::1]8474", "a b:80", "::1"}) {
        auto const where = parse_url(text);
        ASSERT_FALSE(where) << text;
        EXPECT_NE(where.error().text.find("'" + std::string(text) + "'"), std::string::npos);
    }
}

TEST(percent_encoding, leaves_plain_names_and_escapes_all_else)
{
    EXPECT_EQ(percent_encoded("redis_1-a.b~Z"), "redis_1-a.b~Z");
    EXPECT_EQ(percent_encoded("host:1"), "host%3A1");
    EXPECT_EQ(percent_encoded("a/b c?%"), "a%2Fb%20c%3F%25");
    EXPECT_EQ(percent_encoded("\xC3\xB6"), "%C3%B6");
}

TEST(percent_encoding, does_not_let_a_name_be_a_direction)
{
    EXPECT_EQ(percent_encoded("."), "%2E");
    EXPECT_EQ(percent_encoded(".."), "%2E%2E");
}

}  // namespace
}  // namespace aconite::client
