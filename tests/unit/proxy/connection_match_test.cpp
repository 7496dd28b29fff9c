#include "proxy/pipeline/connection_match.hpp"

#include "proxy/pipeline/plan.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>

namespace aconite {
namespace {

in6_addr host(char const* text)
{
    in6_addr made{};
    EXPECT_EQ(::inet_pton(AF_INET6, text, &made), 1) << text;
    return made;
}

connection_match match_of(attribute_list const& wanted)
{
    attribute_values values(match_row());
    for (auto const& [name, value] : wanted)
        values.set(name, value).value();
    return connection_match::from(values).value();
}

bool has(char const* net, char const* address)
{
    return subnet::parse(net).value().has(host(address));
}

TEST(subnet, has_the_addresses_with_its_first_bits)
{
    EXPECT_TRUE(has("10.0.0.0/8", "::ffff:10.255.0.1"));
    EXPECT_FALSE(has("10.0.0.0/8", "::ffff:11.0.0.1"));
    EXPECT_TRUE(has("10.1.2.0/23", "::ffff:10.1.3.255"));
    EXPECT_FALSE(has("10.1.2.0/23", "::ffff:10.1.4.0"));
    EXPECT_TRUE(has("127.0.0.1", "::ffff:127.0.0.1"));
    EXPECT_FALSE(has("127.0.0.1", "::ffff:127.0.0.2"));
    EXPECT_TRUE(has("0.0.0.0/0", "::ffff:9.9.9.9"));
    EXPECT_FALSE(has("0.0.0.0/0", "::1")) << "that is IPv6";
    EXPECT_TRUE(has("::/0", "::ffff:9.9.9.9"));
    EXPECT_TRUE(has("fd00::/9", "fd7f::1"));
    EXPECT_FALSE(has("fd00::/9", "fd80::1"));
    EXPECT_TRUE(has("::1", "::1"));
}

TEST(subnet, refuses_what_is_none)
{
    for (auto const* bad : {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                            "::1/129", "localhost", "10.0.0.1:80", "10.0.0.0/4294967304"})
        EXPECT_EQ(subnet::parse(bad).error().status, 400) << bad;
    EXPECT_FALSE(subnet::parse(std::string_view("10.0.0.0\0.1/8", 13)));
}

TEST(connection_match, without_wishes_admits_all)
{
    EXPECT_TRUE(connection_match().admits({7, {host("::1")}, nullptr}));
    EXPECT_TRUE(match_of({}).admits({7, {host("::1")}, nullptr}));
}

TEST(connection_match, admits_what_fits_every_wish)
{
    auto const both = match_of({{"every", 2}, {"client", "10.0.0.0/8, ::1"}});
    EXPECT_FALSE(both.admits({0, {host("::1")}, nullptr})) << "the first of two";
    EXPECT_TRUE(both.admits({1, {host("::1")}, nullptr}));
    EXPECT_TRUE(both.admits({3, {host("::ffff:10.1.1.1")}, nullptr}));
    EXPECT_FALSE(both.admits({3, {host("::ffff:11.1.1.1")}, nullptr}));

    auto const third = match_of({{"ordinal", 2}});
    EXPECT_FALSE(third.admits({1, {}, nullptr}));
    EXPECT_TRUE(third.admits({2, {}, nullptr}));
    EXPECT_TRUE(match_of({{"ordinal", 0}}).admits({0, {}, nullptr}));

    auto const some = match_of({{"ordinals", "0,3,7-9"}, {"every", 2}});
    EXPECT_FALSE(some.admits({0, {}, nullptr})) << "the first of two";
    EXPECT_TRUE(some.admits({3, {}, nullptr}));
    EXPECT_FALSE(some.admits({5, {}, nullptr}));
    EXPECT_TRUE(some.admits({9, {}, nullptr}));

    auto const labelled = match_of({{"label", "orders"}});
    EXPECT_FALSE(labelled.admits({0, {}, nullptr}));
    EXPECT_TRUE(labelled.admits({0, {}, std::make_shared<std::string const>("orders")}));
    EXPECT_FALSE(labelled.admits({0, {}, std::make_shared<std::string const>("order")}));
}

TEST(connection_match, refuses_a_bad_client_among_good_ones)
{
    attribute_values values(match_row());
    values.set("client", "10.0.0.1,10.0.0.x").value();
    auto const refused = connection_match::from(values);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("'10.0.0.x'"), std::string::npos) << refused.error().text;
}

TEST(planned_toxic, of_both_streams_is_drawn_once)
{
    planned_toxic toxic;
    toxic.toxicity = 0.5F;
    toxic.key = 99;
    toxic.direction = stream::both;
    plan all;
    all.streams = {std::vector{toxic}, std::vector{toxic}};
    int drawn = 0;
    for (std::uint64_t ordinal = 0; ordinal < 1000; ++ordinal) {
        auto const up = all.draw_for(stream::upstream, {ordinal, {}, nullptr}, 0).size();
        EXPECT_EQ(up, all.draw_for(stream::downstream, {ordinal, {}, nullptr}, 0).size());
        drawn += static_cast<int>(up);
    }
    EXPECT_NEAR(drawn, 500, 80);
}

}  // namespace
}  // namespace aconite
