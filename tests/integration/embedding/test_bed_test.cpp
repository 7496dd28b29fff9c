// What the fixtures for test frameworks are made of.
#include "tests/integration/embedding/places.hpp"
#include "tests/support/sockets.hpp"

#include <aconite/testing/test_bed.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace aconite::testing {
namespace {

void ping(scoped_proxy const& through)
{
    client_socket client(through.address());
    client.send("ping");
    EXPECT_EQ(client.receive(4), "ping");
}

bool has(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

/// ACONITE_SEED while this is there.
class seed_variable {
public:
    explicit seed_variable(char const* value) { setenv("ACONITE_SEED", value, 1); }
    ~seed_variable() { unsetenv("ACONITE_SEED"); }
};

TEST(test_bed, tells_which_required_toxic_never_acted)
{
    upstream_server const server(echo);
    test_bed bed;
    auto& p = bed.proxy("p", server.address());
    auto const slow = bed.require(p.downstream("latency", {{"latency", 1}}));
    auto const optional = p.upstream("limit_data", {{"bytes", 1'000'000}});
    EXPECT_EQ(bed.unfired(), (std::vector<std::string>{
                                 "toxic latency_downstream of proxy p never acted, so this test "
                                 "proves nothing"}));
    ping(p);
    ASSERT_TRUE(slow.wait_for_hits(1, patience));
    EXPECT_TRUE(bed.unfired().empty());
}

TEST(test_bed, knows_of_toxics_whose_handle_is_gone)
{
    upstream_server const server(echo);
    test_bed bed;
    auto& p = bed.proxy("p", server.address());
    static_cast<void>(bed.require(p.downstream("latency", {{"latency", 1}})));
    {
        auto const again = bed.require(p.downstream("latency", {{"latency", 1}}));
        ping(p);
        ASSERT_TRUE(again.wait_for_hits(1, patience));
    }
    EXPECT_EQ(bed.unfired().size(), 1U);
}

TEST(test_bed, reports_the_journal_with_the_seed)
{
    seed_variable const fixed("42");
    upstream_server const server(echo);
    test_bed bed;
    auto& p = bed.proxy("p", server.address());
    auto const slow = p.downstream("latency", {{"latency", 1}});
    ping(p);
    ASSERT_TRUE(slow.wait_for_hits(1, patience));
    auto const text = bed.report();
    EXPECT_TRUE(has(text, "ACONITE_SEED=42")) << text;
    for (auto const* part : {"proxy created", "toxic added: latency downstream", "open", "hit"})
        EXPECT_TRUE(has(text, part)) << text;
}

TEST(test_bed, refuses_a_seed_that_is_no_number)
{
    for (auto const* text : {"x", "-1", "1x", "18446744073709551616"}) {
        seed_variable const wrong(text);
        EXPECT_THROW(test_bed(), std::invalid_argument) << text;
    }
    seed_variable const none("");
    EXPECT_NO_THROW(test_bed());
}

TEST(test_bed, works_with_a_server_and_reports_only_what_happened_since)
{
    upstream_server const server(echo);
    engine there;
    api::server http(api::router(api::all_routes(there, {})), {});
    client::server_config config;
    config.url = http.start("127.0.0.1", "0").value();
    ASSERT_TRUE(there.mark("long ago"));
    {
        test_bed bed(std::make_unique<client::server>(config));
        auto& p = bed.proxy("p", server.address());
        static_cast<void>(bed.require(p.downstream("latency", {{"latency", 1}})));
        EXPECT_EQ(bed.unfired().size(), 1U);
        auto const text = bed.report();
        EXPECT_FALSE(has(text, "long ago")) << text;
        EXPECT_TRUE(has(text, "toxic added")) << text;
    }
    EXPECT_TRUE(there.proxies().empty());
}

TEST(test_bed, says_when_a_server_knows_nothing_of_hits)
{
    test_bed bed(std::make_unique<client::server>(client::server_config{.url = "127.0.0.1:1"}));
    EXPECT_TRUE(has(bed.report(), "no journal: ")) << bed.report();
    EXPECT_THROW(bed.proxy("p", "127.0.0.1:1"), std::runtime_error);
}

}  // namespace
}  // namespace aconite::testing
