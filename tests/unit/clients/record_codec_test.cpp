// What the API writes, the client reads.
#include "clients/cpp/record_codec.hpp"

#include "api/json/record_codec.hpp"

#include <aconite/text.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace aconite::client::codec {
namespace {

using namespace std::chrono_literals;

nlohmann::json sent(auto const& value)
{
    return nlohmann::json::parse(api::to_json(value).dump());
}

journal_record record_of(record_kind kind)
{
    journal_record record;
    record.seq = 9;
    record.at = time_point(123456789ns);
    record.wall = std::chrono::system_clock::time_point(1769860800s + 123456us);
    record.kind = kind;
    record.proxy = "db";
    record.connection = 5;
    record.ordinal = 2;
    return record;
}

/// Reads `record` back and compares what both tell people.
journal_record read_back(journal_record const& record)
{
    auto const read = to_record(sent(record));
    EXPECT_EQ(to_text(read), to_text(record));
    EXPECT_EQ(read.at, record.at);
    EXPECT_EQ(read.wall, record.wall);
    return read;
}

TEST(client_record_codec, reads_every_kind_of_record)
{
    auto opened = record_of(record_kind::open);
    opened.client = "10.0.0.1:5";
    opened.took = 250us;
    read_back(opened);

    auto failed = record_of(record_kind::dial_failed);
    failed.client = "10.0.0.1:5";
    failed.text = "Connection refused";
    read_back(failed);

    auto closed = record_of(record_kind::close);
    for (auto const who : {ended_by::client, ended_by::upstream, ended_by::toxic, ended_by::proxy})
        for (auto const how : {ending::close, ending::reset}) {
            closed.by = who;
            closed.end = how;
            closed.received_bytes[0] = 7;
            closed.received_bytes[1] = 8;
            read_back(closed);
        }
    closed.text = "idle";
    EXPECT_EQ(read_back(closed).text, "idle");

    auto hit = record_of(record_kind::hit);
    hit.toxic = "slow";
    hit.direction = stream::upstream;
    hit.hits = 3;
    hit.offset = 10;
    hit.bytes = 20;
    hit.delay = 5ms;
    read_back(hit);
    hit.kind = record_kind::cut;
    hit.delay = duration::max();
    hit.end = ending::reset;
    hit.text = "every";
    EXPECT_EQ(read_back(hit).end, ending::reset);

    auto mark = record_of(record_kind::mark);
    mark.connection = 0;
    mark.text = "begin";
    read_back(mark);
}

TEST(client_record_codec, reads_a_change_with_the_toxic_that_came_of_it)
{
    auto change = record_of(record_kind::control);
    change.connection = 0;
    change.text = "toxic added";
    change.config = toxic_info{.name = "slow", .type = "latency", .attributes = {{"latency", 5}}};
    auto const read = read_back(change);
    ASSERT_TRUE(read.config);
    EXPECT_EQ(read.config->attributes, change.config->attributes);
}

TEST(client_record_codec, reads_counters)
{
    proxy_stats stats;
    stats.name = "db";
    stats.enabled = true;
    stats.connections_open = 1;
    stats.connections_total = 2;
    stats.refused = 3;
    stats.dial_errors = 4;
    stats.dials.counts[1] = 5;
    stats.dials.sum = 6ms;
    stats.streams[0] = {7, 8};
    stats.streams[1] = {9, 10};
    toxic_stats toxic;
    toxic.name = "slow";
    toxic.type = "latency";
    toxic.removed = true;
    toxic.hits = 11;
    toxic.connections = 12;
    toxic.bytes = 13;
    toxic.first_hit = std::chrono::system_clock::time_point(1769860800s + 1us);
    stats.toxics.push_back(toxic);

    auto const read = to_stats(sent(stats));
    EXPECT_EQ(sent(read), sent(stats));
    EXPECT_EQ(read.toxics.at(0).first_hit, toxic.first_hit);
    EXPECT_EQ(read.toxics.at(0).last_hit, std::nullopt);
}

TEST(client_record_codec, refuses_what_is_none)
{
    using nlohmann::json;
    EXPECT_THROW(to_record(json::object()), json::exception);
    EXPECT_THROW(to_stats(json::object()), json::exception);
    auto record = sent(record_of(record_kind::mark));
    record["kind"] = "wonder";
    EXPECT_THROW(to_record(record), json::exception);
    for (auto const* text : {"", "yesterday", "2026-01-31", "2026-01-31T12:00:00.123456Zx"})
        EXPECT_THROW(to_time(text), json::exception) << text;
}

}  // namespace
}  // namespace aconite::client::codec
