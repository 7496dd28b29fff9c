#include "clients/cli/record_line.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// The line of a record that has these members beside a number, time and proxy.
std::string line_of(char const* members)
{
    auto record = json::parse(members);
    record["seq"] = 7;
    record["time"] = "2026-01-31T12:00:00.123456Z";
    record["proxy"] = "db";
    return record_line(record);
}

/// Without what is in front of the kind.
std::string end_of(char const* members)
{
    return line_of(members).substr(35);
}

TEST(record_line, tells_of_connections)
{
    EXPECT_EQ(line_of(R"({"kind": "open", "connection": 12, "ordinal": 3, "client": "[::1]:5",
                          "dial_ms": 0.10049})"),
              "      7  2026-01-31T12:00:00.123Z  open         db            "
              "                          #3 (12)     from [::1]:5, dialled in 0.1 ms\n");
    EXPECT_EQ(end_of(R"({"kind": "dial_failed", "connection": 1, "ordinal": 0, "client": "a:1",
                         "dial_ms": 2, "error": "Connection refused"})"),
              "dial_failed  db                                      #0 (1)      "
              "from a:1, after 2 ms: Connection refused\n");
    EXPECT_EQ(end_of(R"({"kind": "close", "connection": 1, "ordinal": 0, "by": "client",
                         "how": "rst", "received_bytes": {"upstream": 4, "downstream": 5},
                         "duration_ms": 1.5})"),
              "close        db                                      #0 (1)      "
              "by client with rst, 4 bytes up, 5 down, after 1.5 ms\n");
}

TEST(record_line, tells_what_a_toxic_did)
{
    EXPECT_EQ(end_of(R"({"kind": "hit", "toxic": "slow", "connection": 1, "ordinal": 0,
                         "stream": "downstream", "hits": 1, "offset": 4, "bytes": 10,
                         "delay_ms": 18.2175})"),
              "hit          db            slow                      #0 (1)      "
              "downstream at 4, 10 bytes, +18.218 ms\n");
    EXPECT_EQ(end_of(R"({"kind": "cut", "toxic": "t", "ordinal": 0, "stream": "both", "hits": 2,
                         "offset": 0, "bytes": 0, "held": true, "ends": "rst", "matched": "x"})"),
              "cut          db            t                         #0          "
              "both at 0, 0 bytes, 2 hits, held, ends with rst, matched x\n");
}

TEST(record_line, tells_of_changes_and_marks)
{
    EXPECT_EQ(end_of(R"({"kind": "control", "toxic": "slow", "action": "toxic added", "config":
                         {"name": "slow", "type": "latency", "stream": "upstream", "toxicity": 0.5,
                          "attributes": {"latency": 10}, "seed": 3}})"),
              "control      db            slow                                  "
              "toxic added: latency upstream, toxicity 0.5, latency 10 ms, seed 3\n");
    EXPECT_EQ(end_of(R"({"kind": "control", "action": "proxy created"})"),
              "control      db                                                  "
              "proxy created\n");
    EXPECT_EQ(end_of(R"({"kind": "mark", "text": "begin\u001b[2J"})"),
              "mark         db                                                  begin?[2J\n");
}

TEST(record_line, is_made_of_records_only)
{
    EXPECT_THROW(record_line(json::object()), json::exception);
    EXPECT_THROW(line_of(R"({"kind": "close"})"), json::exception);
}

}  // namespace
}  // namespace aconite::cli
