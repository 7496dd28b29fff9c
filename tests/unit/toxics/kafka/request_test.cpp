#include "tests/support/kafka_frames.hpp"
#include "toxics/kafka/request_facts.hpp"
#include "toxics/kafka/request_head.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace aconite::test;
using namespace aconite::kafka;

std::string head_bytes(std::int16_t key, std::int16_t version, std::int16_t length)
{
    std::string made;
    put_number(made, static_cast<std::uint16_t>(key), 2);
    put_number(made, static_cast<std::uint16_t>(version), 2);
    put_number(made, 77, 4);
    put_number(made, static_cast<std::uint16_t>(length), 2);
    return made;
}

TEST(kafka_request, head_is_read_when_it_is_there)
{
    auto const bytes = head_bytes(3, 12, 5) + "kcat!";
    request_head head;
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(read_head(std::string_view(bytes).substr(0, size), 100, head), head_state::more);
    EXPECT_EQ(read_head(bytes + "more", 100, head), head_state::whole);
    EXPECT_EQ(head.api_key, 3);
    EXPECT_EQ(head.version, 12);
    EXPECT_EQ(head.correlation_id, 77);
    EXPECT_EQ(head.client_id, "kcat!");
}

TEST(kafka_request, head_without_a_client)
{
    request_head head;
    head.client_id = "before";
    EXPECT_EQ(read_head(head_bytes(18, 0, -1), 10, head), head_state::whole);
    EXPECT_EQ(head.client_id, "");
}

TEST(kafka_request, head_keeps_the_beginning_of_a_long_client)
{
    request_head head;
    auto const bytes = head_bytes(0, 0, 30'000) + std::string(1000, 'c');
    EXPECT_EQ(
        read_head(std::string_view(bytes).substr(0, request_head::bytes_max - 1), 40'000, head),
        head_state::more);
    EXPECT_EQ(read_head(std::string_view(bytes).substr(0, request_head::bytes_max), 40'000, head),
              head_state::whole);
    EXPECT_EQ(head.client_id, std::string(request_head::client_id_bytes_max, 'c'));
}

TEST(kafka_request, head_that_cannot_be)
{
    request_head head;
    EXPECT_EQ(read_head("", 9, head), head_state::malformed);
    EXPECT_EQ(read_head(head_bytes(-1, 0, 0), 100, head), head_state::malformed);
    EXPECT_EQ(read_head(head_bytes(3, -1, 0), 100, head), head_state::malformed);
    EXPECT_EQ(read_head(head_bytes(3, 0, -2), 100, head), head_state::malformed);
    EXPECT_EQ(read_head(head_bytes(3, 0, 91), 100, head), head_state::malformed);
    EXPECT_EQ(read_head(head_bytes(3, 0, 90) + std::string(90, 'c'), 100, head), head_state::whole);
}

/// Writes a request of this kind with two of all, and reads it in pieces of `step` bytes.
request_facts facts_of(frame_writer& writer, std::int16_t key, std::int16_t version,
                       std::size_t step = 1)
{
    auto const layout = *layout_of(direction::request, key, version);
    auto const frame = writer.write(layout);
    request_reader reader(key, version, static_cast<std::uint32_t>(frame.size()));
    for (std::string_view rest = frame; !rest.empty();) {
        auto const unseen = static_cast<std::size_t>(reader.unseen());
        auto const some = rest.substr(0, unseen > 0 ? unseen : step);
        unseen > 0 ? reader.on_unseen(some.size()) : reader.feed(some);
        rest.remove_prefix(some.size());
    }
    EXPECT_TRUE(reader.finished());
    EXPECT_EQ(reader.error(), "") << layout.body->name << " " << version;
    return reader.facts();
}

/// Texts tell the name of their field, and numbers go up.
frame_writer telling_writer(std::uint32_t count = 2)
{
    frame_writer writer(1);
    writer.nulls = false;
    writer.unknown_tags = false;
    writer.count_of = [count](field const&) { return count; };
    writer.text_of = [](field const& what) { return "a " + std::string(what.name); };
    writer.number_of = [](field const& what) { return what.name == "KeyType" ? 0 : 1; };
    return writer;
}

TEST(kafka_request, topics_and_partitions)
{
    struct expected {
        std::int16_t key;
        std::int16_t version;
        std::string_view name;
        std::size_t topics;
        std::size_t partitions;  ///< of each topic
    };
    std::vector<expected> const all = {
        {0, 3, "a Name", 2, 2},    // Produce
        {0, 12, "a Name", 2, 2},   //
        {1, 12, "a Topic", 2, 2},  // Fetch
        {2, 10, "a Name", 2, 2},   // ListOffsets
        {3, 0, "a Name", 2, 0},    // Metadata
        {3, 12, "a Name", 2, 0},   //
        {8, 9, "a Name", 2, 2},    // OffsetCommit
        {9, 7, "a Name", 2, 2},    // OffsetFetch
        {9, 9, "a Name", 4, 2},    //
        {19, 7, "a Name", 2, 0},   // CreateTopics
        {20, 5, "a TopicNames", 2, 0}, {20, 6, "a Name", 2, 0},
        {21, 2, "a Name", 2, 2},   // DeleteRecords
        {23, 4, "a Topic", 2, 2},  // OffsetForLeaderEpoch
        {24, 3, "a Name", 2, 2},   // AddPartitionsToTxn
        {24, 5, "a Name", 4, 2},   //
        {28, 5, "a Name", 2, 2},   // TxnOffsetCommit
        {55, 0, "a TopicName", 2, 2},  {75, 0, "a Name", 2, 0},
    };
    for (auto const& each : all) {
        SCOPED_TRACE(std::to_string(each.key) + " version " + std::to_string(each.version));
        auto writer = telling_writer();
        auto const facts = facts_of(writer, each.key, each.version);
        ASSERT_EQ(facts.topics.size(), each.topics);
        for (auto const& topic : facts.topics) {
            EXPECT_EQ(topic.name, each.name);
            EXPECT_EQ(topic.partitions.size(), each.partitions);
        }
        EXPECT_FALSE(facts.is_cut);
    }
}

TEST(kafka_request, topics_by_their_ids)
{
    for (auto const& [key, version] : std::vector<std::pair<std::int16_t, std::int16_t>>{
             {0, 13}, {1, 18}, {8, 10}, {9, 10}, {78, 1}, {79, 1}, {3, 13}, {68, 1}}) {
        auto writer = telling_writer();
        auto const facts = facts_of(writer, key, version);
        // Of those that a consumer subscribes to, it tells the names.
        auto const topics = std::ranges::count_if(facts.topics, [](auto const& each) {
            return each.id == std::string("a TopicId") + std::string(7, '\0');
        });
        EXPECT_EQ(topics, key == 9 ? 4 : 2) << key;
    }
    auto writer = telling_writer();
    writer.text_of = [](field const& what) {
        return what.name == "TopicId" ? std::string() : std::string("by name");
    };
    EXPECT_EQ(facts_of(writer, 3, 13).topics[0].id, "") << "zeros are no id";
}

TEST(kafka_request, groups_and_transactions)
{
    using names = std::vector<std::string>;
    struct expected {
        std::int16_t key;
        std::int16_t version;
        names groups;
        names transactions;
    };
    std::vector<expected> const all = {
        {0, 9, {}, {"a TransactionalId"}},
        {8, 9, {"a GroupId"}, {}},
        {9, 7, {"a GroupId"}, {}},
        {9, 9, {"a GroupId", "a GroupId"}, {}},
        {10, 0, {"a Key"}, {}},
        {10, 3, {"a Key"}, {}},
        {10, 6, {"a CoordinatorKeys", "a CoordinatorKeys"}, {}},
        {11, 9, {"a GroupId"}, {}},
        {12, 4, {"a GroupId"}, {}},
        {13, 5, {"a GroupId"}, {}},
        {14, 5, {"a GroupId"}, {}},
        {15, 5, {"a Groups", "a Groups"}, {}},
        {22, 5, {}, {"a TransactionalId"}},
        {24, 3, {}, {"a V3AndBelowTransactionalId"}},
        {24, 5, {}, {"a TransactionalId", "a TransactionalId"}},
        {25, 4, {"a GroupId"}, {"a TransactionalId"}},
        {26, 5, {}, {"a TransactionalId"}},
        {28, 5, {"a GroupId"}, {"a TransactionalId"}},
        {68, 1, {"a GroupId"}, {}},
        {69, 1, {"a GroupIds", "a GroupIds"}, {}},
        {76, 1, {"a GroupId"}, {}},
        {78, 1, {"a GroupId"}, {}},
    };
    for (auto const& each : all) {
        SCOPED_TRACE(std::to_string(each.key) + " version " + std::to_string(each.version));
        auto writer = telling_writer();
        auto const facts = facts_of(writer, each.key, each.version, 100);
        EXPECT_EQ(facts.groups, each.groups);
        EXPECT_EQ(facts.transactional_ids, each.transactions);
    }
}

TEST(kafka_request, keys_of_coordinators_are_what_their_type_says)
{
    for (std::int16_t const version : std::vector<std::int16_t>{1, 3, 4, 6})
        for (int const type : {0, 1, 2}) {
            auto writer = telling_writer(1);
            writer.number_of = [type](field const&) { return type; };
            auto const facts = facts_of(writer, 10, version);
            EXPECT_EQ(facts.groups.size(), type == 0 ? 1U : 0U) << version;
            EXPECT_EQ(facts.transactional_ids.size(), type == 1 ? 1U : 0U) << version;
        }
}

TEST(kafka_request, acks_of_every_produce)
{
    for (std::int16_t version = 0; version <= 13; ++version)
        for (std::int16_t const acks : std::vector<std::int16_t>{-1, 0, 1}) {
            auto writer = telling_writer();
            writer.number_of = [acks](field const&) { return acks; };
            EXPECT_EQ(facts_of(writer, 0, version).acks, acks) << version;
        }
    auto writer = telling_writer();
    EXPECT_EQ(facts_of(writer, 1, 12).acks, std::nullopt);
}

TEST(kafka_request, ends_of_transactions_and_mechanisms)
{
    auto writer = telling_writer();
    EXPECT_EQ(facts_of(writer, 26, 5).commits, true);
    EXPECT_EQ(facts_of(writer, 17, 0).sasl_mechanism, "a Mechanism");
    writer.number_of = [](field const&) { return 0; };
    EXPECT_EQ(facts_of(writer, 26, 0).commits, false);
    EXPECT_EQ(facts_of(writer, 25, 0).commits, std::nullopt);
}

TEST(kafka_request, facts_are_bounded)
{
    auto writer = telling_writer(300);
    auto facts = facts_of(writer, 3, 9, 1000);
    EXPECT_EQ(facts.topics.size(), request_facts::topics_max);
    EXPECT_TRUE(facts.is_cut);
    facts = facts_of(writer, 2, 10, 1000);
    std::size_t partitions = 0;
    for (auto const& each : facts.topics)
        partitions += each.partitions.size();
    EXPECT_EQ(partitions, request_facts::partitions_max);
    EXPECT_TRUE(facts.is_cut);
    facts = facts_of(writer, 15, 5, 1000);
    EXPECT_EQ(facts.groups.size(), request_facts::names_max);
    EXPECT_TRUE(facts.is_cut);
    writer.text_of = [](field const&) { return std::string(600, 'g'); };
    facts = facts_of(writer, 12, 4, 1000);
    EXPECT_TRUE(facts.groups.empty());
    EXPECT_TRUE(facts.is_cut);
}

TEST(kafka_request, records_are_not_seen)
{
    auto writer = telling_writer(1);
    writer.text_of = [](field const&) { return std::string(1000, 'r'); };
    auto const layout = *layout_of(direction::request, 0, 12);
    auto const frame = writer.write(layout);
    request_reader reader(0, 12, static_cast<std::uint32_t>(frame.size()));
    reader.feed(std::string_view(frame).substr(0, frame.size() - 500));
    EXPECT_GT(reader.unseen(), 450U);
}

TEST(kafka_request, without_a_table_tells_nothing)
{
    request_reader reader(0, 99, 1000);
    EXPECT_EQ(reader.unseen(), 1000U);
    reader.feed("bytes");
    reader.on_unseen(995);
    EXPECT_TRUE(reader.finished());
    EXPECT_EQ(reader.error(), "");
}

TEST(kafka_request, hostile_requests_harm_nobody)
{
    for (auto const& layout : all_layouts()) {
        if (layout.body->way != direction::request)
            continue;
        frame_writer writer(9);
        auto frame = writer.write(layout);
        for (auto& each : frame) {
            auto const kept = std::exchange(each, '\xff');
            request_reader reader(layout.body->api_key, layout.body_version,
                                  static_cast<std::uint32_t>(frame.size()));
            reader.feed(frame);
            EXPECT_TRUE(reader.finished());
            each = kept;
        }
    }
}

}  // namespace
