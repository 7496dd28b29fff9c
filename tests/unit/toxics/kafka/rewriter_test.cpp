#include "tests/support/kafka_frames.hpp"
#include "tests/support/kafka_rewriting.hpp"
#include "toxics/kafka/response_rewriter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace aconite::test;
using namespace aconite::kafka;

constexpr std::int16_t produce = 0;
constexpr std::int16_t fetch = 1;
constexpr std::int16_t metadata = 3;
constexpr std::int16_t find_coordinator = 10;
constexpr std::int16_t describe_quorum = 55;
constexpr std::int16_t share_fetch = 78;
constexpr std::int16_t share_acknowledge = 79;

/// Responses that carry addresses, in each version.
std::vector<frame_layout> carrier_layouts()
{
    auto all = all_layouts();
    std::erase_if(all, [](frame_layout const& each) {
        return each.body->way != direction::response ||
               !carries_addresses(each.body->api_key, each.body_version);
    });
    return all;
}

/// Response frames that differ in nothing but the addresses.
std::string frame_with(frame_layout const& layout, std::uint32_t seed, std::string const& host,
                       std::int64_t port)
{
    frame_writer writer(seed);
    writer.text_of = [&](field const& what) { return what.name == "Host" ? host : "some text"; };
    writer.number_of = [&](field const& what) {
        return what.name == "Port" ? port : std::int64_t{7};
    };
    return writer.write(layout);
}

bool has_addresses(row_range fields, std::int16_t version)
{
    return std::ranges::any_of(rows(fields), [&](field const& each) {
        return each.versions.contains(version) &&
               (each.name == "Host" || has_addresses(each.fields, version));
    });
}

TEST(kafka_rewriter, knows_all_responses_that_carry_addresses)
{
    for (auto const& each : all_layouts()) {
        if (each.body->way != direction::response || each.body->api_key == describe_quorum)
            continue;
        EXPECT_EQ(carries_addresses(each.body->api_key, each.body_version),
                  has_addresses(each.body->fields, each.body_version))
            << each.body->name << " " << each.body_version;
    }
    EXPECT_FALSE(carries_addresses(metadata, 14)) << "it is newer than the tables";
}

TEST(kafka_rewriter, changes_addresses_and_nothing_else)
{
    std::string const longer(200, 'l');
    std::uint64_t rewritten = 0;
    for (auto const& layout : carrier_layouts())
        for (std::uint32_t seed = 0; seed < 12; ++seed)
            for (std::string const& host : {std::string("b"), std::string("kafka-1"), longer}) {
                SCOPED_TRACE(std::string(layout.body->name) + " version " +
                             std::to_string(layout.body_version) + ", seed " +
                             std::to_string(seed) + ", " + host);
                test_book book([&](auto, auto) { return broker_address{host, 40'000}; });
                auto const frame = frame_with(layout, seed, "kafka-2", 9092);
                for (std::size_t const step : {SIZE_MAX, std::size_t{1}}) {
                    auto const made =
                        pass_frame(frame, layout.body->api_key, layout.body_version, book, step);
                    ASSERT_EQ(made.bytes, with_length(frame_with(layout, seed, host, 40'000)));
                    ASSERT_EQ(made.error, "");
                    ASSERT_TRUE(made.finished);
                    rewritten += made.counts.rewritten;
                    ASSERT_EQ(made.counts.outside, 0U);
                }
            }
    EXPECT_GT(rewritten, 1000U);
}

TEST(kafka_rewriter, gives_back_what_it_got_where_the_book_changes_nothing)
{
    test_book book(same);
    test_book none([](auto, auto) { return std::nullopt; });
    for (auto const& layout : carrier_layouts()) {
        auto const frame = frame_with(layout, 3, "kafka-1", 9092);
        auto const key = layout.body->api_key;
        auto const kept = pass_frame(frame, key, layout.body_version, book);
        EXPECT_EQ(kept.bytes, with_length(frame));
        auto const left = pass_frame(frame, key, layout.body_version, none);
        EXPECT_EQ(left.bytes, with_length(frame));
        EXPECT_EQ(left.counts.outside, kept.counts.rewritten);
        EXPECT_EQ(left.counts.rewritten, 0U);
    }
}

TEST(kafka_rewriter, goes_on_from_every_byte)
{
    test_book book([](auto, auto) { return broker_address{"somewhere.else", 1}; });
    for (auto const& layout : carrier_layouts()) {
        auto const frame = frame_with(layout, 5, "kafka-1", 9092);
        auto const expected = with_length(frame_with(layout, 5, "somewhere.else", 1));
        for (std::size_t cut = 1; cut < frame.size(); ++cut) {
            response_rewriter rewriter(layout.body->api_key, layout.body_version,
                                       static_cast<std::uint32_t>(frame.size()), book);
            std::string made;
            auto const out = [&](std::string_view bytes) { made += bytes; };
            rewriter.feed(std::string_view(frame).substr(0, cut), out);
            rewriter.feed(std::string_view(frame).substr(cut), out);
            ASSERT_EQ(made, expected) << layout.body->name << " cut at " << cut;
        }
    }
}

TEST(kafka_rewriter, does_not_ask_for_brokers_that_are_none)
{
    struct none {
        std::string host;
        std::int64_t port;
        std::int64_t node;
    };
    for (auto const& broker :
         {none{"", 9092, 1}, none{"kafka-1", -1, 1}, none{"kafka-1", 9092, -1}})
        for (std::int16_t version = 0; version <= 6; ++version) {
            frame_writer writer(1);
            writer.count_of = [](field const&) { return 1; };
            writer.text_of = [&](field const& what) {
                return what.name == "Host" ? broker.host : "text";
            };
            writer.number_of = [&](field const& what) {
                return what.name == "Port" ? broker.port : what.name == "NodeId" ? broker.node : 0;
            };
            auto const frame =
                writer.write(*layout_of(direction::response, find_coordinator, version));
            test_book book([](auto, auto) { return broker_address{"x", 1}; });
            auto const made = pass_frame(frame, find_coordinator, version, book);
            EXPECT_EQ(made.bytes, with_length(frame));
            EXPECT_TRUE(book.asked.empty());
            EXPECT_EQ(made.counts.rewritten + made.counts.outside, 0U);
        }
}

TEST(kafka_rewriter, asks_with_node_host_and_port)
{
    frame_writer writer(1);
    writer.count_of = [](field const& what) { return what.name == "Brokers" ? 2U : 0U; };
    std::int64_t next = 10;
    writer.text_of = [](field const&) { return "h"; };
    writer.number_of = [&](field const&) { return next++; };
    auto const frame = writer.write(*layout_of(direction::response, metadata, 0));
    test_book book(same);
    pass_frame(frame, metadata, 0, book);
    EXPECT_EQ(book.asked, (std::vector<std::string>{"11 h:12", "13 h:14"}));
}

TEST(kafka_rewriter, leaves_hosts_that_are_no_names)
{
    test_book book([](auto, auto) { return broker_address{std::string(256, 'h'), 1}; });
    for (std::size_t const size : {255U, 256U, 600U}) {
        auto const frame = frame_with(*layout_of(direction::response, find_coordinator, 3), 1,
                                      std::string(size, 'h'), 9092);
        auto const made = pass_frame(frame, find_coordinator, 3, book);
        EXPECT_EQ(made.bytes, with_length(frame));
        EXPECT_EQ(made.counts.outside, 1U);
    }
    EXPECT_EQ(book.asked.size(), 1U);
}

TEST(kafka_rewriter, passes_metadata_on_behind_the_brokers)
{
    test_book book([](auto, auto) { return broker_address{"other", 1}; });
    auto const frame_of = [](std::string const& host, std::int64_t port) {
        frame_writer writer(1);
        writer.nulls = false;
        writer.count_of = [](field const& what) { return what.name == "Topics" ? 1000U : 2U; };
        writer.text_of = [&](field const& what) {
            return what.name == "Host" ? host : std::string(2000, 't');
        };
        writer.number_of = [&](field const& what) { return what.name == "Port" ? port : 7; };
        return writer.write(*layout_of(direction::response, metadata, 12));
    };
    auto const made = pass_frame(frame_of("kafka-1", 9092), metadata, 12, book, 1000);
    EXPECT_EQ(made.bytes, with_length(frame_of("other", 1)));
    EXPECT_GT(made.bytes.size(), 2'000'000U);
    EXPECT_LT(made.held_max, 10'000U);
    EXPECT_GT(made.unseen, 1'990'000U);
    EXPECT_EQ(made.counts.rewritten, 2U);
}

TEST(kafka_rewriter, passes_what_is_too_large_as_it_is)
{
    test_book book([](auto, auto) { return broker_address{std::string(255, 'o'), 1}; });
    auto const check = [&](std::int16_t key, std::string_view array, std::uint32_t count,
                           std::string_view error) {
        frame_writer writer(1);
        writer.count_of = [&](field const& what) { return what.name == array ? count : 0U; };
        writer.text_of = [](field const&) { return "kafka"; };
        writer.unknown_tags = false;
        auto const frame = writer.write(*layout_of(direction::response, key, 4));
        for (std::size_t const step : {SIZE_MAX, std::size_t{65'536}}) {
            auto const made = pass_frame(frame, key, 4, book, step);
            EXPECT_EQ(made.bytes, with_length(frame));
            EXPECT_EQ(made.error, error);
            EXPECT_EQ(made.counts.bypassed, 1U);
            EXPECT_EQ(made.counts.rewritten, 0U);
            EXPECT_LE(made.held_max, std::size_t{1} << 20);
        }
    };
    check(find_coordinator, "Coordinators", 60'000, "too large");
    check(metadata, "Brokers", 60'000, "too large with these addresses");
    check(metadata, "Brokers", 10'000, "too large with these addresses");
}

/// A large response with two endpoints.
std::string with_endpoints(std::int16_t key, std::int16_t version, std::size_t size,
                           std::string const& host = "kafka-1")
{
    for (std::uint32_t seed = 0;; ++seed) {  // endpoints may be left out where they are tagged
        frame_writer writer(seed);
        writer.nulls = false;
        writer.count_of = [](field const&) { return 2; };
        writer.text_of = [&](field const& what) {
            return what.name == "Host"
                       ? host
                       : std::string(
                             what.name == "Records" || what.name == "ErrorMessage" ? size : 4, 'r');
        };
        auto const frame = writer.write(*layout_of(direction::response, key, version));
        if (std::ranges::any_of(writer.told.lines, [](std::string const& line) {
                return line.find("Host") != std::string::npos;
            }))
            return frame;
    }
}

/// What a client reads in a frame.
std::vector<std::string> lines_in(std::string_view frame, std::int16_t key, std::int16_t version)
{
    event_log told;
    walker reader(*layout_of(direction::response, key, version),
                  static_cast<std::uint32_t>(frame.size()), told);
    reader.feed(frame);
    EXPECT_TRUE(reader.finished()) << reader.error();
    return told.lines;
}

std::size_t lines_with(std::vector<std::string> const& lines, std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        lines, [&](auto const& each) { return each.find(text) != std::string::npos; }));
}

TEST(kafka_rewriter, hides_endpoints_of_large_responses)
{
    test_book book([](auto, auto) { return broker_address{"other", 1}; });
    struct one {
        std::int16_t key;
        std::int16_t version;
        std::size_t size;
    };
    for (auto const& [key, version, size] :
         {one{fetch, 16, 100'000}, one{fetch, 18, 100'000}, one{produce, 10, 300'000},
          one{produce, 13, 300'000}, one{share_fetch, 1, 30'000},
          one{share_acknowledge, 1, 300'000}}) {
        SCOPED_TRACE(std::to_string(key) + " version " + std::to_string(version));
        auto const frame = with_endpoints(key, version, size);
        auto const before = lines_in(frame, key, version);
        for (std::size_t const step : {std::size_t{7}, std::size_t{8192}, SIZE_MAX}) {
            auto const made = pass_frame(frame, key, version, book, step);
            EXPECT_EQ(made.counts.hidden, 1U);
            EXPECT_EQ(made.counts.bypassed, 0U);
            EXPECT_EQ(made.held_max, 0U);
            EXPECT_TRUE(made.finished);
            ASSERT_EQ(made.bytes.size(), frame.size() + 4);
            auto const after = lines_in(std::string_view(made.bytes).substr(4), key, version);
            EXPECT_EQ(lines_with(before, "Host = "), 2U);
            EXPECT_EQ(lines_with(after, "Host = "), 0U);
            EXPECT_EQ(lines_with(after, "? is tag 127"), 1U);
            EXPECT_EQ(lines_with(after, "Records = ") + lines_with(after, "Records is"),
                      lines_with(before, "Records = ") + lines_with(before, "Records is"));
            if (step == 7) {
                EXPECT_GT(made.unseen, frame.size() * 9 / 10);
            }
        }
    }
    EXPECT_TRUE(book.asked.empty());
}

TEST(kafka_rewriter, passes_endpoints_that_it_cannot_hide)
{
    test_book book(same);
    auto const frame = with_endpoints(share_fetch, 1, 30'000, std::string(10'000, 'h'));
    auto const made = pass_frame(frame, share_fetch, 1, book, 100);
    EXPECT_EQ(made.bytes, with_length(frame));
    EXPECT_EQ(made.error, "too many bytes of endpoints to be hidden");
    EXPECT_EQ(made.counts.bypassed, 1U);
    EXPECT_EQ(made.counts.hidden, 0U);
}

TEST(kafka_rewriter, tells_of_a_large_response_that_ends_in_unseen_bytes)
{
    test_book book(same);
    auto const whole = with_endpoints(fetch, 18, 100'000);
    auto const lines = lines_in(whole, fetch, 18);
    auto const records = *std::ranges::find_if(
        lines, [](auto const& each) { return each.find("Records is long") != std::string::npos; });
    auto const frame = whole.substr(0, std::stoul(records.substr(records.find('-') + 1)));
    for (std::size_t const step : {std::size_t{100}, SIZE_MAX}) {
        auto const made = pass_frame(frame, fetch, 18, book, step);
        EXPECT_EQ(made.bytes, with_length(frame));
        EXPECT_EQ(made.error, "it ends too early");
        EXPECT_EQ(made.counts.bypassed, 1U);
    }
}

TEST(kafka_rewriter, rewrites_endpoints_of_small_responses)
{
    test_book book([](auto, auto) { return broker_address{"other", 1}; });
    for (std::int16_t const key : {fetch, share_fetch}) {
        std::int16_t const version = key == fetch ? 18 : 1;
        auto const made = pass_frame(with_endpoints(key, version, 3'000), key, version, book, 100);
        EXPECT_EQ(made.counts.rewritten, 2U);
        auto const lines = lines_in(std::string_view(made.bytes).substr(4), key, version);
        EXPECT_EQ(lines_with(lines, "Host = 'other'"), 2U);
    }
}

TEST(kafka_rewriter, passes_responses_without_addresses)
{
    test_book book(same);
    std::string const frame(100, 'x');
    for (std::int16_t const version : std::vector<std::int16_t>{9, 99}) {
        auto const made = pass_frame(frame, produce, version, book, 10);
        EXPECT_EQ(made.bytes, with_length(frame));
        EXPECT_EQ(made.unseen, 90U);
        EXPECT_EQ(made.counts.bypassed, 0U);
    }
}

TEST(kafka_rewriter, passes_what_is_no_such_response)
{
    test_book book([](auto, auto) { return broker_address{"other", 1}; });
    std::size_t passed = 0;
    for (auto const& layout : carrier_layouts()) {
        auto const key = layout.body->api_key;
        auto frame = frame_with(layout, 2, "kafka-1", 9092);
        for (auto& each : frame) {
            auto const kept = std::exchange(each, '\xff');
            auto const made = pass_frame(frame, key, layout.body_version, book);
            auto const pieces = pass_frame(frame, key, layout.body_version, book, 1);
            EXPECT_EQ(made.bytes, pieces.bytes);
            EXPECT_EQ(made.error, pieces.error);
            if (!made.error.empty()) {
                EXPECT_EQ(made.bytes, with_length(frame));
                EXPECT_EQ(made.counts.bypassed, 1U);
                ++passed;
            }
            each = kept;
        }
        for (std::size_t size = 4; size < frame.size(); ++size) {
            auto const part = std::string_view(frame).substr(0, size);
            auto const made = pass_frame(part, key, layout.body_version, book);
            EXPECT_TRUE(made.finished);
            EXPECT_TRUE(made.error.empty() || made.bytes == with_length(part));
        }
    }
    EXPECT_GT(passed, 300U);
}

}  // namespace
