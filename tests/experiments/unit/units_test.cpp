#include "clients/experiment/values/units.hpp"

#include <gtest/gtest.h>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

TEST(units, are_read_whole_or_not_at_all)
{
    EXPECT_EQ(read_duration("30s"), 30s);
    EXPECT_EQ(read_duration("1.5m"), 90s);
    EXPECT_EQ(read_duration("250us"), 250us);
    EXPECT_EQ(read_duration("2"), 2s);
    EXPECT_EQ(read_share("100%"), 1.0);
    EXPECT_EQ(read_share("0.25"), 0.25);
    EXPECT_EQ(read_bytes("256MB"), 256e6);
    EXPECT_EQ(read_bytes("50m"), 50.0 * 1048576);
    EXPECT_EQ(read_rate("3000/m"), 50);
    for (auto const* bad : {"", "s", "-1s", "1 sec", "1s2", "nan", "inf", "1e400", "1e30h"})
        EXPECT_EQ(read_duration(bad), std::nullopt) << bad;
    EXPECT_EQ(read_share("101%"), std::nullopt);
}

TEST(units, are_shown_short)
{
    EXPECT_EQ(to_text(nanoseconds(0)), "0 s");
    EXPECT_EQ(to_text(1500ms), "1.5 s");
    EXPECT_EQ(to_text(250ms), "250 ms");
    EXPECT_EQ(to_text(200s), "3 min 20 s");
    EXPECT_EQ(to_text(300s), "5 min");
}

}  // namespace
}  // namespace aconite::experiment
