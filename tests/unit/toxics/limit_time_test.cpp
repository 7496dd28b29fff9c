#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(limit_time, passes_everything_and_closes_when_the_time_is_over)
{
    toxic_line line(wanted{"limit_time", {{"time", 100}}});
    line.push(10ms, "one");
    EXPECT_EQ(line.take(10ms), "one");
    line.push(99ms, "two");
    EXPECT_EQ(line.take(100ms - 1ns), "two");
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.next(), 100ms);
    line.take(100ms);
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(limit_time, closes_a_silent_connection)
{
    toxic_line line(wanted{"limit_time", {{"time", 100}, {"close", "rst"}}});
    line.take(100ms);
    EXPECT_EQ(line.ended(), ending::reset);
}

TEST(limit_time, an_update_does_not_restart_the_clock)
{
    toxic_line line(wanted{"limit_time", {{"time", 100}}});
    line.set(90ms, {{"limit_time", {{"time", 200}}, 1, 2}});
    EXPECT_EQ(line.next(), 200ms);
    line.set(150ms, {{"limit_time", {{"time", 120}}, 1, 3}});
    line.take(150ms);
    EXPECT_EQ(line.ended(), ending::close);
}

TEST(limit_time, once_removed_closes_nothing)
{
    toxic_line line(wanted{"limit_time", {{"time", 100}}});
    line.set(50ms, {});
    line.push(200ms, "on");
    EXPECT_EQ(line.take(200ms), "on");
    EXPECT_EQ(line.ended(), std::nullopt);
}

TEST(limit_time, an_earlier_end_passes)
{
    toxic_line line(wanted{"limit_time", {{"time", 100}, {"close", "rst"}}});
    line.push(10ms, "last");
    line.end(10ms);
    EXPECT_EQ(line.take(10ms), "last");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(limit_time, knows_only_its_two_ways_to_close)
{
    attribute_values values(builtin_toxics().find("limit_time")->attributes);
    EXPECT_EQ(values.set("close", "abort").error(),
              (problem{400, "bad request body: attribute 'close' must be one of fin, rst, "
                            "not 'abort'"}));
    EXPECT_EQ(values.choice("close"), "fin");
}

}  // namespace
}  // namespace aconite::test
