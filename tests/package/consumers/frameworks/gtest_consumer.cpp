#include <aconite/testing/gtest.hpp>

namespace {

class dead_upstream : public aconite::testing::fixture {};

TEST_F(dead_upstream, passes_without_a_required_toxic)
{
    auto& p = proxy("p", "127.0.0.1:9");
    auto const slow = p.downstream("latency", {{"latency", 1}});
    EXPECT_GT(p.port(), 0);
}

TEST_F(dead_upstream, fails_as_its_toxic_never_acted)
{
    auto& p = proxy("p", "127.0.0.1:9");
    auto const slow = require(p.downstream("latency", {{"latency", 1}}));
}

TEST_F(dead_upstream, fails_by_itself)
{
    proxy("p", "127.0.0.1:9");
    FAIL() << "on purpose";
}

}  // namespace
