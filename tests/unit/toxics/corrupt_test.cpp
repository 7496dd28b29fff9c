#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

std::string const original(100'000, 'a');

/// What comes out when `original` is pushed in pieces of `size` bytes.
std::string pushed_in_pieces(double rate, std::size_t size, std::uint64_t key = 7)
{
    toxic_line line(wanted{"corrupt", {{"rate", rate}}, 1, 1, key});
    std::string out;
    for (std::size_t at = 0; at < original.size(); at += size) {
        line.push(1ms, std::string_view(original).substr(at, size));
        out += line.take(1ms);
    }
    return out;
}

std::size_t wrong_bytes(std::string const& text)
{
    return original.size() - static_cast<std::size_t>(std::ranges::count(text, 'a'));
}

TEST(corrupt, flips_one_bit_of_about_so_many_bytes)
{
    auto const out = pushed_in_pieces(0.01, 1448);
    ASSERT_EQ(out.size(), original.size());
    EXPECT_NEAR(static_cast<double>(wrong_bytes(out)), 1000, 150);
    for (char const c : out)
        ASSERT_LE(std::popcount(static_cast<unsigned char>(c ^ 'a')), 1);
}

TEST(corrupt, does_not_depend_on_how_the_data_was_read)
{
    auto const out = pushed_in_pieces(0.01, 1448);
    EXPECT_EQ(pushed_in_pieces(0.01, 1000), out);
    EXPECT_EQ(pushed_in_pieces(0.01, 60'000), out);
    EXPECT_NE(pushed_in_pieces(0.01, 1448, 8), out);
}

TEST(corrupt, flips_every_byte_at_1_and_none_at_0)
{
    EXPECT_EQ(wrong_bytes(pushed_in_pieces(1, 1000)), original.size());
    EXPECT_EQ(wrong_bytes(pushed_in_pieces(0, 1000)), 0U);
}

TEST(corrupt, flips_every_bit_of_a_byte_as_often)
{
    std::array<int, 8> flips{};
    for (char const c : pushed_in_pieces(1, 1000))
        ++flips[static_cast<std::size_t>(std::countr_zero(static_cast<unsigned char>(c ^ 'a')))];
    for (int const count : flips)
        EXPECT_NEAR(count, static_cast<double>(original.size()) / 8, 500);
}

TEST(corrupt, once_removed_corrupts_nothing)
{
    toxic_line line(wanted{"corrupt", {{"rate", 1}}});
    line.set(1ms, {});
    line.push(2ms, "right");
    EXPECT_EQ(line.take(2ms), "right");
}

TEST(corrupt, takes_only_a_share)
{
    attribute_values values(builtin_toxics().find("corrupt")->attributes);
    EXPECT_EQ(values.set("rate", 1.5).error(),
              (problem{400, "bad request body: attribute 'rate' must be between 0 and 1, "
                            "not 1.5"}));
    EXPECT_EQ(values.set("rate", "much").error(),
              (problem{400, "bad request body: attribute 'rate' must be a number"}));
    EXPECT_FALSE(values.set("rate", std::numeric_limits<double>::quiet_NaN()));
}

}  // namespace
}  // namespace aconite::test
