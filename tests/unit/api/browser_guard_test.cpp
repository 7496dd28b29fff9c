#include "api/http/browser_guard.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace aconite::api {
namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

bool refused(headers const& sent)
{
    request r(http::verb::post, "/reset", 11);
    for (auto const& [name, value] : sent)
        r.set(name, value);
    return comes_from_a_page(r);
}

/// What Chromium sends for our page, on a host, beside `more`.
headers own_page(std::string const& host, headers more = {})
{
    headers sent{{"Host", host}, {"User-Agent", "Mozilla/5.0"}, {"Aconite-Page", "1"}};
    for (auto& each : more)
        sent.push_back(std::move(each));
    return sent;
}

TEST(browser_guard, lets_the_own_page_in)
{
    EXPECT_FALSE(refused(own_page("localhost:8474", {{"Origin", "http://localhost:8474"},
                                                     {"Sec-Fetch-Site", "same-origin"}})));
    // A GET over plain HTTP to another host than localhost.
    EXPECT_FALSE(refused(own_page("192.0.2.7:8474")));
}

TEST(browser_guard, turns_a_browser_away_that_is_not_on_the_own_page)
{
    EXPECT_TRUE(refused({{"Host", "localhost:8474"}, {"User-Agent", "Mozilla/5.0"}}));
    EXPECT_TRUE(refused({{"Host", "localhost:8474"},
                         {"User-Agent", "Mozilla/5.0"},
                         {"Sec-Fetch-Site", "same-origin"}}));
    EXPECT_TRUE(refused(
        {{"Host", "localhost:8474"}, {"User-Agent", "Mozilla/5.0"}, {"Aconite-Page", "0"}}));
}

TEST(browser_guard, believes_the_browser_more_than_the_page)
{
    EXPECT_TRUE(refused(own_page("localhost:8474", {{"Sec-Fetch-Site", "cross-site"}})));
    EXPECT_TRUE(refused(own_page("localhost:8474", {{"Sec-Fetch-Site", "same-site"}})));
    EXPECT_TRUE(refused(own_page("localhost:8474", {{"Origin", "http://localhost:3000"}})));
    EXPECT_TRUE(refused(own_page("localhost:8474", {{"Origin", "null"}})));
}

TEST(browser_guard, lets_browsers_in_by_hosts_that_are_nobodys_site)
{
    for (auto const* host :
         {"127.0.0.1:8474", "10.0.0.9", "[::1]:8474", "[fe80::1]", "localhost", "LOCALHOST:8474",
          "toxiproxy:8474", "a.localhost:8474", "host.docker.internal:8474", "A.INTERNAL"})
        EXPECT_FALSE(refused(own_page(host))) << host;
    for (auto const* host :
         {"", ":8474", "rebound.example", "rebound.example:8474", "127.0.0.1.rebound.example",
          "localhost.rebound.example:8474", "evillocalhost.example", "xinternal.example",
          ".localhost", ".internal", "localhost.", "[::1", "[rebound.example]:8474", "127.0.0.1."})
        EXPECT_TRUE(refused(own_page(host))) << host;
}

TEST(browser_guard, knows_a_rebound_name_by_any_sign_of_a_browser)
{
    std::string const host = "rebound.example:8474";
    EXPECT_FALSE(refused({{"Host", host}}));
    EXPECT_TRUE(refused({{"Host", host}, {"Aconite-Page", "1"}}));
    EXPECT_TRUE(refused({{"Host", host}, {"Origin", "http://rebound.example:8474"}}));
    EXPECT_TRUE(refused({{"Host", host}, {"Sec-Fetch-Site", "same-origin"}}));
}

}  // namespace
}  // namespace aconite::api
