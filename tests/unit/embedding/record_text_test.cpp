#include <aconite/text.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace aconite {
namespace {

using namespace std::chrono_literals;

/// 2026-01-31T12:00:00.123456Z, of proxy db.
journal_record record_of(record_kind kind)
{
    journal_record record;
    record.seq = 7;
    record.wall = std::chrono::system_clock::time_point(1769860800s + 123456us);
    record.kind = kind;
    record.proxy = "db";
    return record;
}

/// Without what is in front of the kind.
std::string end_of(journal_record const& record)
{
    return to_text(record).substr(35);
}

TEST(record_text, tells_of_connections)
{
    auto opened = record_of(record_kind::open);
    opened.connection = 12;
    opened.ordinal = 3;
    opened.client = "[::1]:5";
    opened.took = 100'490ns;
    EXPECT_EQ(to_text(opened),
              "      7  2026-01-31T12:00:00.123Z  open         db            "
              "                          #3 (12)     from [::1]:5, dialled in 0.1 ms");

    auto failed = record_of(record_kind::dial_failed);
    failed.connection = 1;
    failed.client = "a:1";
    failed.took = 2ms;
    failed.text = "Connection refused";
    EXPECT_EQ(end_of(failed), "dial_failed  db                                      #0 (1)      "
                              "from a:1, after 2 ms: Connection refused");

    auto closed = record_of(record_kind::close);
    closed.connection = 1;
    closed.by = ended_by::client;
    closed.end = ending::reset;
    closed.received_bytes[0] = 4;
    closed.received_bytes[1] = 5;
    closed.took = 1500us;
    EXPECT_EQ(end_of(closed), "close        db                                      #0 (1)      "
                              "by client with rst, 4 bytes up, 5 down, after 1.5 ms");
    closed.by = ended_by::proxy;
    closed.text = "idle";
    EXPECT_EQ(end_of(closed), "close        db                                      #0 (1)      "
                              "by proxy with rst (idle), 4 bytes up, 5 down, after 1.5 ms");
}

TEST(record_text, tells_what_a_toxic_did)
{
    auto hit = record_of(record_kind::hit);
    hit.toxic = "slow";
    hit.connection = 1;
    hit.hits = 1;
    hit.offset = 4;
    hit.bytes = 10;
    hit.delay = 18'217'500ns;
    EXPECT_EQ(end_of(hit), "hit          db            slow                      #0 (1)      "
                           "downstream at 4, 10 bytes, +18.218 ms");

    auto cut = record_of(record_kind::cut);
    cut.toxic = "t";
    cut.direction = stream::both;
    cut.hits = 2;
    cut.delay = duration::max();
    cut.end = ending::reset;
    cut.text = "x";
    EXPECT_EQ(end_of(cut), "cut          db            t                         #0          "
                           "both at 0, 0 bytes, 2 hits, held, ends with rst, matched x");
}

TEST(record_text, tells_of_changes_and_marks)
{
    auto added = record_of(record_kind::control);
    added.toxic = "slow";
    added.text = "toxic added";
    added.config =
        toxic_info{.name = "slow",
                   .type = "latency",
                   .direction = stream::upstream,
                   .toxicity = 0.2F,
                   .attributes = {{"latency", 10}, {"table", named_numbers{{"50", 2.5}}}}};
    added.config->aim.seed = 3;
    EXPECT_EQ(end_of(added), "control      db            slow                                  "
                             "toxic added: latency upstream, toxicity 0.2, latency 10 ms, "
                             "table {50: 2.5} ms, seed 3");

    auto created = record_of(record_kind::control);
    created.text = "proxy created";
    EXPECT_EQ(end_of(created), "control      db                                                  "
                               "proxy created");

    auto mark = record_of(record_kind::mark);
    mark.text = "begin\x1b[2J";
    EXPECT_EQ(end_of(mark), "mark         db                                                  "
                            "begin\\x1b[2J");
}

TEST(printable, leaves_text_as_it_is_and_escapes_what_could_steer_a_terminal)
{
    for (auto const* text : {"", "redis-1 a\\b", "M\u00fcnchen", "\u6771\u4eac", "\U0001f980"})
        EXPECT_EQ(printable(text), text);
    EXPECT_EQ(printable("a\nb\r\tc"), "a\\nb\\r\\tc");
    EXPECT_EQ(printable("\x1b]0;x\x07\x7f"), "\\x1b]0;x\\x07\\x7f");
    EXPECT_EQ(printable(std::string("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(printable("\u009b2J"), "\\u009b2J");
    EXPECT_EQ(printable("a\u202eb"), "a\\u202eb");
    EXPECT_EQ(printable("\x9b \xff \xc3"), "\\x9b \\xff \\xc3");
    EXPECT_EQ(printable(printable("\x1b\n")), printable("\x1b\n"));
}

TEST(record_text, tells_a_time_before_1970)
{
    auto early = record_of(record_kind::mark);
    early.wall = std::chrono::system_clock::time_point(-1ms);
    EXPECT_NE(to_text(early).find("1969-12-31T23:59:59.999Z"), std::string::npos);
}

TEST(number_text, is_short_and_without_an_exponent_where_that_is_not_long)
{
    EXPECT_EQ(to_text(0.0), "0");
    EXPECT_EQ(to_text(0.2F), "0.2");
    EXPECT_EQ(to_text(1'000'000.0), "1000000");
    EXPECT_EQ(to_text(-12.5), "-12.5");
    EXPECT_EQ(to_text(1e300), "1e+300");
    EXPECT_EQ(to_text(1e-9), "1e-09");
    EXPECT_EQ(to_text(0.123456789012345678), "0.12345678901234568");
}

}  // namespace
}  // namespace aconite
