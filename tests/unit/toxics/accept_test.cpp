#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

std::string refusal(attribute_list const& attributes)
{
    try {
        spec_of({"accept", attributes});
        return "";
    } catch (std::runtime_error const& error) {
        return error.what();
    }
}

TEST(accept, says_what_it_does_to_attempts)
{
    auto const spec = spec_of(
        {"accept", {{"mode", "delay"}, {"rate", 0.25}, {"delay", 70}, {"max_connections", 8}}});
    auto const fault = spec.type->attempts(spec.values);
    EXPECT_EQ(fault.mode, attempt_mode::delay);
    EXPECT_EQ(fault.rate, 0.25);
    EXPECT_EQ(fault.delay, 70ms);
    EXPECT_EQ(fault.max_connections, 8U);
}

TEST(accept, refuses_everybody_if_nothing_is_set)
{
    auto const spec = spec_of({"accept", {}});
    auto const fault = spec.type->attempts(spec.values);
    EXPECT_EQ(fault.mode, attempt_mode::refuse);
    EXPECT_EQ(fault.rate, 1);
    EXPECT_EQ(fault.max_connections, 0U);
}

TEST(accept, knows_every_mode_by_its_name)
{
    auto const mode_of = [](char const* name) {
        auto const spec = spec_of({"accept", {{"mode", name}}});
        return spec.type->attempts(spec.values).mode;
    };
    EXPECT_EQ(mode_of("refuse"), attempt_mode::refuse);
    EXPECT_EQ(mode_of("blackhole"), attempt_mode::blackhole);
    EXPECT_EQ(mode_of("delay"), attempt_mode::delay);
    EXPECT_EQ(mode_of("reset"), attempt_mode::reset);
}

TEST(accept, takes_a_rate_only_where_there_is_a_connection_to_draw)
{
    EXPECT_EQ(refusal({{"rate", 0.5}}),
              "bad request body: attribute 'rate' must be 1 in mode 'refuse'");
    EXPECT_EQ(refusal({{"mode", "blackhole"}, {"rate", 0}}),
              "bad request body: attribute 'rate' must be 1 in mode 'blackhole'");
    EXPECT_EQ(refusal({{"mode", "delay"}, {"rate", 0.5}}), "");
    EXPECT_EQ(refusal({{"mode", "reset"}, {"rate", 0}}), "");
}

TEST(accept, names_the_bound_that_was_missed)
{
    EXPECT_EQ(refusal({{"mode", "drop"}}), "bad request body: attribute 'mode' must be one of "
                                           "refuse, blackhole, delay, reset, not 'drop'");
    EXPECT_EQ(refusal({{"max_connections", -1}}),
              "bad request body: attribute 'max_connections' must be between 0 and 1000000 "
              "connections, not -1");
}

}  // namespace
}  // namespace aconite::test
