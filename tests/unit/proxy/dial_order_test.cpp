#include "proxy/forwarding/dial_order.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace aconite {
namespace {

using namespace std::chrono_literals;

/// Numeric addresses.
std::vector<address> addresses(std::vector<std::string> const& texts)
{
    std::vector<address> made;
    for (auto const& each : texts)
        made.push_back(resolve_listen(each).value().where);
    return made;
}

TEST(dial_order, lets_the_families_take_turns_beginning_with_the_first)
{
    EXPECT_EQ(
        in_turns(addresses({"[2001:db8::1]:1", "[2001:db8::2]:1", "10.0.0.1:1", "10.0.0.2:1"})),
        addresses({"[2001:db8::1]:1", "10.0.0.1:1", "[2001:db8::2]:1", "10.0.0.2:1"}));
    EXPECT_EQ(in_turns(addresses({"10.0.0.1:1", "[2001:db8::1]:1", "10.0.0.2:1"})),
              addresses({"10.0.0.1:1", "[2001:db8::1]:1", "10.0.0.2:1"}));
}

TEST(dial_order, keeps_the_order_of_what_one_family_has_more)
{
    EXPECT_EQ(in_turns(addresses({"[::1]:1", "10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"})),
              addresses({"[::1]:1", "10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"}));
    EXPECT_EQ(in_turns(addresses({"[::1]:1", "[::2]:1", "[::3]:1", "10.0.0.1:1"})),
              addresses({"[::1]:1", "10.0.0.1:1", "[::2]:1", "[::3]:1"}));
    EXPECT_EQ(in_turns(addresses({"10.0.0.2:1", "10.0.0.1:1"})),
              addresses({"10.0.0.2:1", "10.0.0.1:1"}));
    EXPECT_TRUE(in_turns({}).empty());
}

TEST(dial_order, waits_a_quarter_second_or_each_ones_share_of_the_limit)
{
    EXPECT_EQ(dial_step(1, 10s), 250ms);
    EXPECT_EQ(dial_step(40, 10s), 250ms);
    EXPECT_EQ(dial_step(100, 10s), 100ms);
    EXPECT_EQ(dial_step(4, 200ms), 50ms);
    EXPECT_EQ(dial_step(2, -1s), 0ms);
    EXPECT_EQ(dial_step(0, 10s), 250ms);
}

}  // namespace
}  // namespace aconite
