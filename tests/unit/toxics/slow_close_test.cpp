#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(slow_close, data_passes_at_once_and_the_end_late)
{
    toxic_line line(wanted{"slow_close", {{"delay", 100}}});
    line.push(5ms, "data");
    line.end(5ms);
    EXPECT_EQ(line.take(5ms), "data");
    EXPECT_EQ(line.next(), 105ms);
    line.take(105ms - 1ns);
    EXPECT_EQ(line.ended(), std::nullopt);
    line.take(105ms);
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(slow_close, the_kind_of_end_is_kept)
{
    toxic_line line(wanted{"slow_close", {{"delay", 1}}});
    line.end(0ms, ending::close);
    line.take(1ms);
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(slow_close, removal_closes_at_once)
{
    toxic_line line(wanted{"slow_close", {{"delay", 100}}});
    line.end(0ms);
    line.set(10ms, {});
    line.take(10ms);
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(slow_close, an_update_closes_at_once_what_already_ended)
{
    toxic_line line(wanted{"slow_close", {{"delay", 100}}});
    line.end(0ms);
    line.set(10ms, {{"slow_close", {{"delay", 5000}}, 1, 2}});
    line.take(10ms);
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(slow_close, delays_add_up_along_a_chain)
{
    toxic_line line{{"slow_close", {{"delay", 100}}},
                    {"latency", {{"latency", 30}}},
                    {"slow_close", {{"delay", 50}}}};
    line.push(0ms, "x");
    line.end(0ms);
    EXPECT_EQ(line.take(30ms), "x");
    line.take(150ms - 1ns);
    EXPECT_EQ(line.ended(), std::nullopt);
    line.take(150ms);
    EXPECT_EQ(line.ended(), ending::half_close);
}

}  // namespace
}  // namespace aconite::test
