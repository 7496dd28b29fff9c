#include "proxy/forwarding/bulk_meter.hpp"

#include <gtest/gtest.h>

namespace aconite {
namespace {

constexpr std::size_t large = 64 * 1024;
constexpr std::size_t small = 100;

bulk_meter bulky()
{
    bulk_meter meter;
    meter.copied(large);
    meter.copied(large);
    return meter;
}

TEST(bulk_meter, splices_after_two_large_reads_in_a_row)
{
    bulk_meter meter;
    meter.copied(large);
    EXPECT_FALSE(meter.bulk());
    meter.copied(small);
    meter.copied(large);
    EXPECT_FALSE(meter.bulk());
    meter.copied(large);
    EXPECT_TRUE(meter.bulk());
}

TEST(bulk_meter, copies_again_after_eight_small_reads_in_a_row)
{
    auto meter = bulky();
    for (int i = 0; i < 7; ++i)
        meter.spliced(small);
    meter.spliced(large);
    for (int i = 0; i < 7; ++i)
        meter.spliced(small);
    EXPECT_TRUE(meter.bulk());
    meter.spliced(small);
    EXPECT_FALSE(meter.bulk());
}

TEST(bulk_meter, asks_again_after_more_large_reads_when_there_was_no_pipe)
{
    auto meter = bulky();
    meter.no_pipe();
    EXPECT_FALSE(meter.bulk());
    meter.copied(large);
    EXPECT_FALSE(meter.bulk());
    meter.copied(large);
    EXPECT_TRUE(meter.bulk());
}

}  // namespace
}  // namespace aconite
