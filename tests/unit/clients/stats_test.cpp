#include "clients/cli/verbs/stats.hpp"

#include <gtest/gtest.h>

namespace aconite::cli {
namespace {

using nlohmann::json;

TEST(cli_stats, has_a_row_for_each_toxic)
{
    auto const stats = json::parse(R"([{"name": "db", "toxics": [
        {"name": "slow", "type": "latency", "stream": "downstream", "removed": false, "hits": 3,
         "connections": 2, "bytes": 12, "delayed": 3, "added_delay_ms": 60.5,
         "first_hit": "2026-01-31T12:00:00.000001Z", "last_hit": "2026-01-31T12:00:01.000000Z"},
        {"name": "n", "type": "noop", "stream": "upstream", "removed": true, "hits": 0,
         "connections": 0, "bytes": 0, "delayed": 0, "added_delay_ms": 0, "first_hit": null,
         "last_hit": null}]}, {"name": "web", "toxics": []}])");
    EXPECT_EQ(format_stats(stats, {}),
              "PROXY  TOXIC        TYPE     STREAM      HITS  CONNECTIONS  BYTES  ADDED DELAY   "
              "FIRST HIT                    LAST HIT\n"
              "db     slow         latency  downstream  3     2            12     60.5 ms in 3  "
              "2026-01-31T12:00:00.000001Z  2026-01-31T12:00:01.000000Z\n"
              "db     n (removed)  noop     upstream    0     0            0      -             "
              "-                            -\n");
}

TEST(cli_stats, says_that_there_was_none)
{
    EXPECT_EQ(format_stats(json::array(), {}), "no toxic has been there yet\n");
}

}  // namespace
}  // namespace aconite::cli
