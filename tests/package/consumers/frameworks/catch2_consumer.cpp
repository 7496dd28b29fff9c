#define CATCH_CONFIG_MAIN
#include <aconite/testing/catch2.hpp>

namespace {

class dead_upstream : public aconite::testing::fixture {};

TEST_CASE_METHOD(dead_upstream, "passes without a required toxic")
{
    auto& p = proxy("p", "127.0.0.1:9");
    auto const slow = p.downstream("latency", {{"latency", 1}});
    CHECK(p.port() > 0);
}

TEST_CASE_METHOD(dead_upstream, "fails as its toxic never acted")
{
    auto& p = proxy("p", "127.0.0.1:9");
    auto const slow = require(p.downstream("latency", {{"latency", 1}}));
}

TEST_CASE_METHOD(dead_upstream, "fails by itself")
{
    proxy("p", "127.0.0.1:9");
    REQUIRE(1 == 2);
}

}  // namespace
