#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

TEST(slicer, cuts_pieces_of_exactly_the_average_size)
{
    toxic_line line(wanted{"slicer", {{"average_size", 4}}});
    line.push(0ms, "0123456789");
    EXPECT_EQ(line.pieces(0ms), (texts{"0123", "4567", "89"}));
}

TEST(slicer, average_zero_cuts_nothing)
{
    toxic_line line(wanted{"slicer", {{"delay", 1000}, {"size_variation", 9}}});
    line.push(0ms, "0123456789");
    line.push(0ms, "abc");
    EXPECT_EQ(line.pieces(0ms), (texts{"0123456789", "abc"}));
}

TEST(slicer, each_piece_leaves_a_delay_after_the_one_before)
{
    toxic_line line(wanted{"slicer", {{"average_size", 2}, {"delay", 500}}});
    line.push(1ms, "aabbc");
    EXPECT_EQ(line.pieces(1ms), texts{"aa"});
    EXPECT_EQ(line.next(), 1500us);
    EXPECT_EQ(line.pieces(1500us - 1ns), texts{});
    EXPECT_EQ(line.pieces(1500us), texts{"bb"});
    EXPECT_EQ(line.pieces(2000us), texts{"c"});
}

TEST(slicer, the_schedule_goes_on_across_chunks)
{
    toxic_line line(wanted{"slicer", {{"average_size", 10}, {"delay", 1000}}});
    line.push(0ms, "a");
    line.push(0ms, "b");
    line.push(1500us, "c");
    EXPECT_EQ(line.take(0ms), "a");
    EXPECT_EQ(line.take(1ms), "b");
    EXPECT_EQ(line.take(2ms), "c");
    line.push(10ms, "d");
    EXPECT_EQ(line.take(10ms), "d");
}

TEST(slicer, sizes_vary_evenly_within_the_bounds)
{
    toxic_line line(wanted{"slicer", {{"average_size", 10}, {"size_variation", 3}}});
    std::string const sent(70'000, 'x');
    line.push(0ms, sent);
    auto const pieces = line.pieces(0ms);
    std::vector<int> seen(14);
    std::size_t total = 0;
    for (auto const& piece : pieces) {
        total += piece.size();
        ASSERT_LE(piece.size(), 13U);
        ++seen[piece.size()];
    }
    EXPECT_EQ(total, sent.size());
    EXPECT_LE(std::count_if(pieces.begin(), pieces.end() - 1,
                            [](auto const& piece) { return piece.size() < 7; }),
              0);
    for (std::size_t size = 7; size <= 13; ++size)
        EXPECT_NEAR(seen[size], 1000, 150) << size;
}

TEST(slicer, a_piece_has_at_least_one_byte)
{
    toxic_line line(wanted{"slicer", {{"average_size", 1}, {"size_variation", 1}}});
    line.push(0ms, std::string(1000, 'x'));
    auto const pieces = line.pieces(0ms);
    EXPECT_TRUE(std::ranges::none_of(pieces, &std::string::empty));
    EXPECT_GT(pieces.size(), 600U);
    EXPECT_LT(pieces.size(), 900U);  // a third has two bytes
}

TEST(slicer, the_same_key_cuts_the_same_pieces)
{
    auto const cut = [](std::uint64_t key) {
        wanted const toxic{"slicer", {{"average_size", 50}, {"size_variation", 50}}, 1, 1, key};
        toxic_line line(toxic);
        line.push(0ms, std::string(5000, 'x'));
        return line.pieces(0ms);
    };
    EXPECT_EQ(cut(1), cut(1));
    EXPECT_NE(cut(1), cut(2));
}

TEST(slicer, the_end_follows_the_last_piece)
{
    toxic_line line(wanted{"slicer", {{"average_size", 1}, {"delay", 1000}}});
    line.push(0ms, "abc");
    line.end(0ms);
    EXPECT_EQ(line.take(1ms), "ab");
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.take(2ms), "c");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(slicer, update_and_removal_let_go_in_order)
{
    toxic_line line(wanted{"slicer", {{"average_size", 1}, {"delay", 1'000'000}}});
    line.push(0ms, "abcd");
    EXPECT_EQ(line.take(1ms), "a");
    line.set(2ms, {{"slicer", {{"average_size", 2}, {"delay", 1'000'000}}, 1, 2}});
    line.push(2ms, "efgh");
    EXPECT_EQ(line.take(2ms), "bcdef");
    line.set(3ms, {});
    line.push(3ms, "i");
    EXPECT_EQ(line.take(3ms), "ghi");
}

TEST(slicer, a_variation_above_the_average_is_refused)
{
    auto const* type = builtin_toxics().find("slicer");
    attribute_values values(type->attributes);
    ASSERT_TRUE(values.set("average_size", 10));
    ASSERT_TRUE(values.set("size_variation", 10));
    EXPECT_TRUE(type->check(values));
    ASSERT_TRUE(values.set("size_variation", 11));
    auto const refused = type->check(values);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(),
              (problem{400, "bad request body: attribute 'size_variation' must be between 0 and "
                            "10 bytes (average_size), not 11"}));
    ASSERT_TRUE(values.set("average_size", 0));
    EXPECT_TRUE(type->check(values));
}

}  // namespace
}  // namespace aconite::test
