#include "proxy/pipeline/ordinal_ranges.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aconite {
namespace {

/// Those below 20.
std::vector<std::uint64_t> listed(char const* text)
{
    auto const ranges = ordinal_ranges::parse(text).value();
    std::vector<std::uint64_t> found;
    for (std::uint64_t ordinal = 0; ordinal < 20; ++ordinal)
        if (ranges.has(ordinal))
            found.push_back(ordinal);
    return found;
}

using ordinals = std::vector<std::uint64_t>;

TEST(ordinal_ranges, has_what_is_listed)
{
    EXPECT_EQ(listed("0"), ordinals{0});
    EXPECT_EQ(listed("0,3,7-9"), (ordinals{0, 3, 7, 8, 9}));
    EXPECT_EQ(listed(" 7-9 , 3 "), (ordinals{3, 7, 8, 9}));
}

TEST(ordinal_ranges, may_overlap_and_come_in_any_order)
{
    EXPECT_EQ(listed("7-9, 3 ,0-4,8,8-12"), (ordinals{0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12}));
    auto const whole = ordinal_ranges::parse("0-18446744073709551615").value();
    EXPECT_TRUE(whole.has(0) && whole.has(UINT64_MAX));
}

TEST(ordinal_ranges, of_nothing_has_none)
{
    EXPECT_TRUE(ordinal_ranges::parse("").value().empty());
    EXPECT_FALSE(ordinal_ranges().has(0));
}

TEST(ordinal_ranges, refuses_what_is_none)
{
    for (auto const* bad : {" ", "x", "-1", "1-", "-", "3-2", "1-2-3", "1 - 2", "1;2", "1,,2", ",1",
                            "1.5", "18446744073709551616"}) {
        auto const refused = ordinal_ranges::parse(bad);
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().status, 400);
        EXPECT_NE(refused.error().text.find("'ordinals'"), std::string::npos);
    }
}

TEST(ordinal_ranges, are_bounded)
{
    std::string text = "0";
    for (std::size_t i = 1; i < ordinal_ranges::count_max; ++i)
        text += "," + std::to_string(2 * i);
    EXPECT_TRUE(ordinal_ranges::parse(text).value().has(1998));
    EXPECT_NE(ordinal_ranges::parse(text + ",1").error().text.find("at most 1000 ranges"),
              std::string::npos);
}

}  // namespace
}  // namespace aconite
