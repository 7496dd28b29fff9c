// Frames that clients and a real broker exchanged: tests/fuzz/record_kafka.py.
#include "tests/support/hostile_kafka.hpp"
#include "tests/support/kafka_frames.hpp"
#include "tests/support/kafka_rewriting.hpp"
#include "tests/support/recorded_session.hpp"
#include "toxics/kafka/outline.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite::test;
using namespace aconite::kafka;

struct recorded {
    std::string name;
    direction way = direction::request;
    std::int16_t key = 0;
    std::int16_t version = 0;
    std::string frame;  ///< behind its length
};

std::int16_t number_in(std::string_view text, std::size_t at)
{
    return static_cast<std::int16_t>(static_cast<unsigned char>(text[at]) << 8 |
                                     static_cast<unsigned char>(text[at + 1]));
}

std::vector<recorded> const& all_recorded()
{
    static auto const all = [] {
        std::vector<recorded> made;
        for (auto const& file : std::filesystem::directory_iterator(ACONITE_KAFKA_CORPUS)) {
            auto const text = content_of(file.path());
            if (static_cast<std::uint8_t>(text[0]) == hostile_kafka_session)
                continue;
            bool const is_response = text[0] != 0;
            made.push_back({file.path().filename().string(),
                            is_response ? direction::response : direction::request,
                            number_in(text, 1), number_in(text, 3),
                            text.substr(is_response ? 5 : 1)});
        }
        return made;
    }();
    return all;
}

TEST(kafka_recorded, frames_are_read_to_their_end)
{
    std::size_t read = 0;
    for (auto const& each : all_recorded()) {
        auto const layout = layout_of(each.way, each.key, each.version);
        EXPECT_TRUE(is_known(each.key, each.version)) << each.name;
        if (!layout)
            continue;
        event_log told;
        walker reader(*layout, static_cast<std::uint32_t>(each.frame.size()), told);
        for (char const byte : each.frame)
            reader.feed({&byte, 1});
        EXPECT_TRUE(reader.finished()) << each.name << ": " << reader.error();
        ++read;
    }
    EXPECT_GT(read, 70U);
}

TEST(kafka_recorded, addresses_are_rewritten_there_and_back)
{
    std::size_t responses = 0;
    for (auto const& each : all_recorded()) {
        if (each.way == direction::request || !carries_addresses(each.key, each.version))
            continue;
        SCOPED_TRACE(each.name);
        test_book identity(same);
        test_book away([](std::string_view host, std::int32_t port) {
            return broker_address{std::string(host) + ".inside",
                                  static_cast<std::uint16_t>(port + 1)};
        });
        test_book back([](std::string_view host, std::int32_t port) {
            return broker_address{std::string(host.substr(0, host.find(".inside"))),
                                  static_cast<std::uint16_t>(port - 1)};
        });
        auto const kept = pass_frame(each.frame, each.key, each.version, identity, 1);
        EXPECT_EQ(kept.bytes, with_length(each.frame));
        auto const gone = pass_frame(each.frame, each.key, each.version, away, 1);
        EXPECT_EQ(gone.error, "");
        EXPECT_EQ(gone.counts.rewritten, away.asked.size());
        EXPECT_EQ(gone.bytes.size(), each.frame.size() + 4 + 7 * away.asked.size());
        auto const came =
            pass_frame(std::string_view(gone.bytes).substr(4), each.key, each.version, back);
        EXPECT_EQ(came.bytes, with_length(each.frame));
        responses += away.asked.empty() ? 0U : 1U;
    }
    EXPECT_GE(responses, 10U);
}

TEST(kafka_recorded, requests_tell_what_they_are_about)
{
    bool produces = false;
    bool ends = false;
    for (auto const& each : all_recorded()) {
        if (each.way == direction::response)
            continue;
        SCOPED_TRACE(each.name);
        auto const size = static_cast<std::uint32_t>(each.frame.size());
        auto const read =
            read_outline(direction::request, each.key, each.version, size, each.frame);
        if (!layout_of(direction::request, each.key, each.version))
            continue;
        ASSERT_TRUE(read);
        EXPECT_FALSE(read->client_id.empty());
        if (each.key == 0) {
            EXPECT_NE(read->find("Acks"), nullptr);
            ASSERT_EQ(read->topics.size(), 1U);
            EXPECT_EQ(read->topics[0].topic.empty(), each.version >= 13);
            ASSERT_EQ(read->partitions.size(), 1U);
            EXPECT_EQ(read->partitions[0].partition, 0);
            EXPECT_EQ(read->partitions[0].topic, read->topics[0].topic);
            produces = true;
        }
        if (each.key == 26) {
            EXPECT_EQ(read->transactional_id, "talk-transaction");
            ASSERT_NE(read->find("Committed"), nullptr);
            EXPECT_EQ(read->find("Committed")->value, 1);
            ends = true;
        }
    }
    EXPECT_TRUE(produces);
    EXPECT_TRUE(ends);
}

TEST(kafka_recorded, frames_with_a_byte_changed_harm_nobody)
{
    for (auto const& each : all_recorded()) {
        constexpr std::uint8_t ten_at_once = 10 << 2;
        std::vector<std::uint8_t> script{
            static_cast<std::uint8_t>(ten_at_once | (each.way == direction::response ? 1 : 0))};
        if (each.way == direction::response)
            for (auto const number : {each.key, each.version})
                script.insert(script.end(), {static_cast<std::uint8_t>(number >> 8),
                                             static_cast<std::uint8_t>(number)});
        auto const begin = script.size();
        script.insert(script.end(), each.frame.begin(), each.frame.end());
        for (auto at = begin; at < script.size(); at += 3) {
            auto const kept = script[at];
            script[at] = static_cast<std::uint8_t>(~kept);
            ASSERT_NO_THROW(play_hostile_kafka(script)) << each.name << " at " << at;
            script[0] ^= 2U;  // held, or not
            ASSERT_NO_THROW(play_hostile_kafka(script)) << each.name << " at " << at;
            script[at] = kept;
        }
    }
}

TEST(kafka_recorded, sessions_with_a_byte_changed_harm_nobody)
{
    std::size_t sessions = 0;
    for (auto const& file : std::filesystem::directory_iterator(ACONITE_KAFKA_CORPUS)) {
        auto const text = content_of(file.path());
        std::vector<std::uint8_t> script(text.begin(), text.end());
        if (script[0] != hostile_kafka_session)
            continue;
        ++sessions;
        ASSERT_NO_THROW(play_hostile_kafka(script)) << file.path().filename();
        for (std::size_t at = 1; at < script.size(); at += 31) {
            auto const kept = script[at];
            script[at] = static_cast<std::uint8_t>(~kept);
            ASSERT_NO_THROW(play_hostile_kafka(script)) << file.path().filename() << " at " << at;
            script[at] = kept;
        }
    }
    EXPECT_EQ(sessions, 3U);
}

}  // namespace
