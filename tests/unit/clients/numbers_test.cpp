#include "clients/cli/line/numbers.hpp"

#include <gtest/gtest.h>

namespace aconite::cli {
namespace {

using namespace std::chrono_literals;

TEST(cli_numbers, are_read_whole_or_not_at_all)
{
    number_range const port{1, 65535};
    for (auto const* text : {"1", "+1", "080", "65535"})
        EXPECT_TRUE(read_whole(port, text)) << text;
    for (auto const* text :
         {"", "0", "-1", "65536", "70000", "4294967297", "18446744073709551617", "80x", "8 0",
          " 80", "80 ", "0x50", "1e3", "80.0", "8,000", "+-80", "++80", "٣"}) {
        auto const read = read_whole(port, text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().text,
                  "must be a whole number from 1 to 65535, not '" + std::string(text) + "'");
    }
    EXPECT_EQ(read_whole({}, "9223372036854775807").value(), INT64_MAX);
    EXPECT_EQ(read_whole({}, "9223372036854775808").error().text,
              "must be a whole number of at least 0, not '9223372036854775808'");
}

TEST(cli_numbers, of_a_time_may_have_a_unit)
{
    number_range const hour{0, 3'600'000};
    std::vector<std::pair<char const*, std::int64_t>> const cases{
        {"0", 0},      {"250", 250},    {"250ms", 250},    {"5s", 5000},  {"1.5s", 1500},
        {"0.1s", 100}, {"2m", 120'000}, {"1h", 3'600'000}, {"5000us", 5}, {"1e3", 1000},
    };
    for (auto const& [text, ms] : cases)
        EXPECT_EQ(read_time_ms(hour, text).value(), ms) << text;
    for (auto const* text : {"", "s", "ms", "x", "5 s", "5sec", "5S", "-1s", "61m", "1.5", "0.1ms",
                             "1,000ms", "infs", "nan", "9223372036854775807m", "1m30s", "5d"}) {
        auto const read = read_time_ms(hour, text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().text, "must be a time from 0 to 3600000 ms, such as 500ms, 1.5s, "
                                     "2m or 1h, not '" +
                                         std::string(text) + "'");
    }
    EXPECT_EQ(time_in(1us, "2ms"), 2000);
    EXPECT_EQ(time_in(1us, "7"), 7);
}

}  // namespace
}  // namespace aconite::cli
