#include "proxy/forwarding/pacer.hpp"

#include <gtest/gtest.h>

namespace aconite {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1000h};
constexpr std::uint64_t rate = 100'000'000;

TEST(pacer, allows_what_the_rate_earns)
{
    pacer pace(rate);
    EXPECT_EQ(pace.allowance(start), 0U);
    EXPECT_EQ(pace.allowance(start + 1ms - 1ns), 0U);
    EXPECT_EQ(pace.allowance(start + 1ms), 100'000U);
    pace.spend(60'000);
    EXPECT_EQ(pace.allowance(start + 1600us - 1ns), 0U);
    EXPECT_EQ(pace.allowance(start + 2ms), 140'000U);
}

TEST(pacer, a_pause_earns_nothing)
{
    pacer pace(rate);
    (void)pace.allowance(start);
    pace.pause();
    EXPECT_EQ(pace.allowance(start + 1h), 0U);
    EXPECT_EQ(pace.allowance(start + 1h + 1ms), 100'000U);
}

TEST(pacer, a_pause_does_not_cancel_what_is_owed)
{
    pacer pace(rate);
    (void)pace.allowance(start);
    pace.spend(1'000'000);  // 10 ms worth
    pace.pause();
    EXPECT_EQ(pace.allowance(start + 5ms), 0U);
    EXPECT_EQ(pace.allowance(start + 11ms), 100'000U);
}

TEST(pacer, being_late_saves_fifty_milliseconds_at_most)
{
    pacer pace(rate);
    (void)pace.allowance(start);
    EXPECT_EQ(pace.allowance(start + 10s), 5'000'000U);
}

TEST(pacer, is_exact_over_ten_seconds_at_every_rate)
{
    for (std::uint64_t const bytes_per_second :
         {10'000'000ULL, 99'999'989ULL, 1'000'000'000ULL, 100'000'000'000ULL}) {
        pacer pace(bytes_per_second);
        std::uint64_t passed = 0;
        for (auto now = start; now <= start + 10s; now = pace.next() + 37us) {  // always late
            while (auto const room = std::min<std::size_t>(pace.allowance(now), 1'000'000)) {
                pace.spend(room);
                passed += room;
            }
        }
        auto const exact = static_cast<double>(bytes_per_second) * 10;
        EXPECT_NEAR(static_cast<double>(passed) / exact, 1.0, 0.0002) << bytes_per_second;
    }
}

}  // namespace
}  // namespace aconite
