#include "clients/cli/doctor/rings.hpp"

#include <gtest/gtest.h>

namespace aconite::cli {
namespace {

/// What the server tells of proxies of which each is {name, listen, upstream}.
nlohmann::json proxies_of(std::vector<std::vector<std::string>> const& all)
{
    auto made = nlohmann::json::object();
    for (auto const& each : all)
        made[each[0]] = {
            {"name", each[0]}, {"listen", each[1]}, {"upstream", each[2]}, {"enabled", true}};
    return made;
}

std::string ring_of(std::string const& listen, std::string const& upstream)
{
    auto const found = find_rings(proxies_of({{"p", listen, upstream}}), {});
    return found.empty() ? "" : found.front().found;
}

TEST(rings, are_proxies_that_lead_to_themselves)
{
    auto const ring = "p -> p: no connection gets anywhere";
    EXPECT_EQ(ring_of("127.0.0.1:80", "127.0.0.1:80"), ring);
    EXPECT_EQ(ring_of("127.0.0.1:80", "localhost:80"), ring);
    EXPECT_EQ(ring_of("[::1]:80", "localhost:80"), ring);
    EXPECT_EQ(ring_of("[::]:80", "localhost:80"), ring);
    EXPECT_EQ(ring_of("[::]:80", "127.0.0.2:80"), ring);
    EXPECT_EQ(ring_of("0.0.0.0:80", "0.0.0.0:80"), ring);
    EXPECT_EQ(ring_of("127.0.0.1:80", ":80"), ring);
    EXPECT_EQ(ring_of("10.0.0.1:80", "10.0.0.1:80"), ring);
}

TEST(rings, are_not_other_ports_or_hosts)
{
    EXPECT_EQ(ring_of("127.0.0.1:80", "127.0.0.1:81"), "");
    EXPECT_EQ(ring_of("127.0.0.1:80", "127.0.0.2:80"), "");
    EXPECT_EQ(ring_of("[::]:80", "10.0.0.1:80"), "");
    EXPECT_EQ(ring_of("10.0.0.1:80", "localhost:80"), "");
    EXPECT_EQ(ring_of("10.0.0.1:80", "redis:80"), "");
    EXPECT_EQ(ring_of("127.0.0.1:80", "no address"), "");
}

TEST(rings, are_told_once)
{
    auto const all = proxies_of({{"a", "127.0.0.1:1", "localhost:2"},
                                 {"b", "127.0.0.1:2", "localhost:3"},
                                 {"c", "127.0.0.1:3", "localhost:1"},
                                 {"way in", "127.0.0.1:4", "localhost:2"}});
    auto const found = find_rings(all, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].check, "ring at a");
    EXPECT_EQ(found[0].how, grade::problem);
    EXPECT_EQ(found[0].found, "a -> b -> c -> a: no connection gets anywhere");
    EXPECT_EQ(find_rings(all, {"c"}).size(), 1U);
    EXPECT_TRUE(find_rings(all, {"way in"}).empty());
}

TEST(rings, need_all_their_proxies)
{
    auto all =
        proxies_of({{"a", "127.0.0.1:1", "localhost:2"}, {"b", "127.0.0.1:2", "localhost:1"}});
    all["b"]["enabled"] = false;
    EXPECT_TRUE(find_rings(all, {}).empty());
}

}  // namespace
}  // namespace aconite::cli
