#pragma once

#include "tests/support/conversation_line.hpp"
#include "tests/support/kafka_frames.hpp"
#include "tests/support/kafka_rewriting.hpp"
#include "toxics/kafka/protocol.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What clients and brokers of Kafka say.
namespace aconite::test::kf {

constexpr std::int16_t produce = 0;
constexpr std::int16_t fetch = 1;
constexpr std::int16_t list_offsets = 2;
constexpr std::int16_t metadata = 3;
constexpr std::int16_t offset_commit = 8;
constexpr std::int16_t offset_fetch = 9;
constexpr std::int16_t find_coordinator = 10;
constexpr std::int16_t join_group = 11;
constexpr std::int16_t heartbeat = 12;
constexpr std::int16_t sync_group = 14;
constexpr std::int16_t sasl_handshake = 17;
constexpr std::int16_t api_versions = 18;
constexpr std::int16_t create_topics = 19;
constexpr std::int16_t delete_records = 21;
constexpr std::int16_t init_producer_id = 22;
constexpr std::int16_t offset_for_leader_epoch = 23;
constexpr std::int16_t add_partitions_to_txn = 24;
constexpr std::int16_t add_offsets_to_txn = 25;
constexpr std::int16_t end_txn = 26;
constexpr std::int16_t txn_offset_commit = 28;
constexpr std::int16_t group_heartbeat = 68;
constexpr std::int16_t describe_topics = 75;

/// What no partition is called, and what the second one that is not to be found is.
constexpr std::int32_t nowhere = INT32_MAX;

using numbers = std::map<std::string_view, std::int64_t>;

struct partition {
    std::int32_t number = 0;
    kf::numbers numbers{};
};

struct topic {
    std::string name;
    std::vector<partition> partitions{};
    kf::numbers numbers{};
};

/// What a frame says; numbers that are not told are 0, texts empty and arrays without elements.
/// Topics have an id where frames of that version do: their name, filled up with `#`.
struct saying {
    std::vector<topic> topics{};
    kf::numbers numbers{};
    std::map<std::string_view, std::string> texts{};
    std::map<std::string_view, std::uint32_t> counts{};
    bool unknown_tags = true;  ///< also fields that no table knows
};

inline std::string id_of(std::string_view name)
{
    std::string id(name);
    id.resize(16, '#');
    return id;
}

/// Writes one frame: follows which topic and partition its writer is in.
class frame_maker {
public:
    frame_maker(saying const& what, std::int16_t key, std::int16_t version,
                std::int32_t correlation)
        : what_(what), key_(key), version_(version), correlation_(correlation)
    {}

    std::string make(kafka::direction way)
    {
        frame_writer writer(5);
        writer.nulls = false;
        writer.unknown_tags = what_.unknown_tags;
        writer.on_structure = [this](kafka::field const& each, bool begins) {
            move(each.name, begins);
        };
        writer.count_of = [this](kafka::field const& each) { return count(each.name); };
        writer.number_of = [this](kafka::field const& each) { return number(each); };
        writer.text_of = [this](kafka::field const& each) { return text(each.name); };
        return with_length(writer.write(*kafka::layout_of(way, key_, version_)));
    }

private:
    static bool is(std::string_view name, std::initializer_list<std::string_view> names)
    {
        return std::ranges::find(names, name) != names.end();
    }
    static bool is_topics(std::string_view name)
    {
        return is(name, {"Topics", "TopicData", "Responses", "V3AndBelowTopics",
                         "ResultsByTopicV3AndBelow", "TopicResults"});
    }
    static bool is_partitions(std::string_view name)
    {
        return is(name, {"Partitions", "PartitionData", "PartitionResponses", "ResultsByPartition",
                         "PartitionIndexes"});
    }

    void move(std::string_view name, bool begins)
    {
        if (is_topics(name)) {
            topic_ += begins ? 1 : 0;
            in_topic_ = begins;
            partition_ = 0;
        } else if (is_partitions(name) && in_topic_) {
            partition_ += begins ? 1 : 0;
            in_partition_ = begins;
        }
    }
    std::uint32_t count(std::string_view name)
    {
        if (is_topics(name))
            return static_cast<std::uint32_t>(what_.topics.size());
        if (is_partitions(name) && in_topic_)
            return static_cast<std::uint32_t>(here().partitions.size());
        auto const found = what_.counts.find(name);
        return found == what_.counts.end() ? 0 : found->second;
    }
    std::int64_t number(kafka::field const& each)
    {
        if (each.name == "RequestApiKey")
            return key_;
        if (each.name == "RequestApiVersion")
            return version_;
        if (each.name == "CorrelationId")
            return correlation_;
        if (each.is_array() && is_partitions(each.name) && in_topic_)
            return here().partitions.at(partition_++).number;
        if (in_partition_ && is(each.name, {"Index", "Partition", "PartitionIndex"}))
            return here().partitions.at(partition_ - 1).number;
        auto const& all = in_partition_ ? here().partitions.at(partition_ - 1).numbers
                          : in_topic_   ? here().numbers
                                        : what_.numbers;
        auto const found = all.find(each.name);
        return found == all.end() ? 0 : found->second;
    }
    std::string text(std::string_view name)
    {
        if (in_topic_ && !in_partition_ && is(name, {"Name", "Topic"}))
            return here().name;
        if (in_topic_ && name == "TopicId")
            return id_of(here().name);
        auto const found = what_.texts.find(name);
        return found == what_.texts.end() ? std::string() : found->second;
    }
    [[nodiscard]] topic const& here() const { return what_.topics.at(topic_ - 1); }

    saying const& what_;
    std::int16_t key_;
    std::int16_t version_;
    std::int32_t correlation_;
    std::size_t topic_ = 0;
    std::size_t partition_ = 0;
    bool in_topic_ = false;
    bool in_partition_ = false;
};

inline std::string request(std::int16_t key, std::int16_t version, std::int32_t correlation = 1,
                           saying const& what = {})
{
    return frame_maker(what, key, version, correlation).make(kafka::direction::request);
}
inline std::string answer(std::int16_t key, std::int16_t version, std::int32_t correlation = 1,
                          saying const& what = {})
{
    return frame_maker(what, key, version, correlation).make(kafka::direction::response);
}

/// A frame with nothing in it but a head: of a kind that no table knows.
inline std::string bare(std::int16_t key, std::int16_t version, std::int32_t correlation,
                        std::string_view rest = "rest")
{
    std::string made;
    kafka::put_number(made, static_cast<std::uint64_t>(key), 2);
    kafka::put_number(made, static_cast<std::uint64_t>(version), 2);
    kafka::put_number(made, static_cast<std::uint64_t>(correlation), 4);
    return with_length(made.append(rest));
}
inline std::string bare_answer(std::int32_t correlation, std::string_view rest = "rest")
{
    std::string made;
    kafka::put_number(made, static_cast<std::uint64_t>(correlation), 4);
    return with_length(made.append(rest));
}

/// The newest version of requests of this kind that there is a table for.
inline std::int16_t newest(std::int16_t key)
{
    return kafka::find_message(key, kafka::direction::request)->newest;
}

/// A Metadata answer that tells of these topics, and of one broker.
inline saying known(std::vector<topic> topics)
{
    return {std::move(topics),
            {{"NodeId", 1}, {"Port", 9092}, {"ControllerId", 1}},
            {{"Host", "kafka-1"}},
            {{"Brokers", 1}}};
}

/// A connection, with toxics.
class session : public conversation_line {
public:
    session() : conversation_line(kafka::protocol) {}
    explicit session(std::shared_ptr<protocol_common> const& common)
        : conversation_line(kafka::protocol, common)
    {}
    /// The client and the proxy learn these topics.
    void learn(std::vector<std::string> const& names)
    {
        std::vector<topic> topics;
        for (auto const& each : names)
            topics.push_back({each, {{0}}});
        client(request(metadata, 12, 77));
        server(answer(metadata, 12, 77, known(topics)));
        to_server();
        to_client();
        hits.clear();
        bypasses.clear();
    }
    /// What the toxics were told of a request, as `name=value`, without what is empty.
    [[nodiscard]] std::string hit(std::size_t n = 0) const
    {
        std::string made;
        for (auto const& [name, value] : hits.at(n))
            if (!value.empty())
                made.append(made.empty() ? "" : " ").append(name).append("=").append(value);
        return made;
    }
};

}  // namespace aconite::test::kf
