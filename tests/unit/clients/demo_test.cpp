#include "clients/cli/demo/demo.hpp"
#include "clients/cli/demo/echo_server.hpp"
#include "clients/cli/demo/ping_pong.hpp"

#include <gtest/gtest.h>

namespace aconite::cli {
namespace {

using namespace std::chrono_literals;

demo_phase phase(std::string name, std::chrono::nanoseconds p50)
{
    return {std::move(name), 10, p50, p50 + 1ms};
}

TEST(percentile, is_a_value_that_so_many_do_not_exceed)
{
    round_trips values;
    for (auto i = 100; i > 0; --i)
        values.push_back(std::chrono::nanoseconds(i));
    EXPECT_EQ(percentile(values, 50), 50ns);
    EXPECT_EQ(percentile(values, 99), 99ns);
    EXPECT_EQ(percentile(values, 100), 100ns);
    EXPECT_EQ(percentile({7ns}, 1), 7ns);
    EXPECT_EQ(percentile({3ns, 1ns, 2ns}, 50), 2ns);
    EXPECT_EQ(percentile({}, 50), 0ns);
}

TEST(ping_pong, measures_at_least_one_message_against_an_echo)
{
    echo_server const echo;
    auto const times = measure_round_trips(echo.port(), 20ms);
    ASSERT_TRUE(times) << times.error().text;
    ASSERT_FALSE(times->empty());
    EXPECT_GT(percentile(*times, 50), 0ns);
}

TEST(ping_pong, says_why_when_nobody_listens)
{
    std::uint16_t port = 0;
    {
        echo_server const gone;
        port = gone.port();
    }
    auto const times = measure_round_trips(port, 20ms);
    ASSERT_FALSE(times);
    EXPECT_EQ(times.error().text, "cannot connect to the proxy: Connection refused");
}

TEST(demo, accepts_a_fault_that_came_and_went)
{
    EXPECT_EQ(demo_verdict(phase("before", 40us), phase("during", 50ms), phase("after", 9ms)),
              std::nullopt);
}

TEST(demo, names_the_phase_whose_numbers_make_no_sense)
{
    EXPECT_EQ(demo_verdict(phase("before", 40us), phase("during", 44ms), phase("after", 40us)),
              "during: half of the messages took 44.000 ms, expected at least 45 ms");
    EXPECT_EQ(demo_verdict(phase("before", 40us), phase("during", 50ms), phase("after", 10ms)),
              "after: half of the messages took 10.000 ms, expected less than 10 ms");
    EXPECT_EQ(demo_verdict(phase("before", 11ms), phase("during", 50ms), phase("after", 1ms)),
              "before: half of the messages took 11.000 ms, expected less than 10 ms");
    EXPECT_EQ(demo_verdict(phase("before", 1ms), {"during", 0, {}, {}}, phase("after", 1ms)),
              "during: no message came back");
}

TEST(demo, prints_a_table)
{
    EXPECT_EQ(demo_table({phase("before", 40us), phase("with latency", 50ms)}),
              "PHASE         MESSAGES  P50        P99\n"
              "before        10        0.040 ms   1.040 ms\n"
              "with latency  10        50.000 ms  51.000 ms\n");
}

}  // namespace
}  // namespace aconite::cli
