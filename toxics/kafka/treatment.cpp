#include "toxics/kafka/treatment.hpp"

#include "toxics/kafka/schema/tables.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace aconite::kafka {
namespace {

constexpr std::int16_t leader_not_available = 5;
constexpr std::int16_t invalid_producer_epoch = 47;
constexpr std::int16_t operation_not_attempted = 55;
constexpr std::int16_t producer_fenced = 90;
constexpr std::int16_t rebootstrap_required = 129;
/// Brokers count partitions from 0 and have no billions of them.
constexpr std::int32_t no_partition = std::numeric_limits<std::int32_t>::max();

/// A number of a request that brokers refuse when it has this value, before they do anything.
struct refusal {
    std::string_view api;
    std::string_view number;
    std::int64_t value;
};

constexpr std::int64_t most32 = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t most64 = std::numeric_limits<std::int64_t>::max();

constexpr refusal refusals[] = {
    {"JoinGroup", "SessionTimeoutMs", 0},                    // INVALID_SESSION_TIMEOUT
    {"SyncGroup", "GenerationId", most32},                   // ILLEGAL_GENERATION
    {"Heartbeat", "GenerationId", most32},                   // ILLEGAL_GENERATION
    {"ConsumerGroupHeartbeat", "MemberEpoch", most32},       // FENCED_MEMBER_EPOCH
    {"InitProducerId", "TransactionTimeoutMs", most32},      // INVALID_TRANSACTION_TIMEOUT
    {"AddPartitionsToTxn", "V3AndBelowProducerId", most64},  // INVALID_PRODUCER_ID_MAPPING
    {"AddOffsetsToTxn", "ProducerId", most64},               // INVALID_PRODUCER_ID_MAPPING
    {"EndTxn", "ProducerId", most64},                        // INVALID_PRODUCER_ID_MAPPING
    {"CreateTopics", "validateOnly", 1},
};

/// Since which version an answer can say PRODUCER_FENCED. In an older one brokers say
/// INVALID_PRODUCER_EPOCH, which is all that its clients know.
struct fenced_since {
    std::string_view api;
    std::int16_t version;
};

constexpr fenced_since tells_fenced[] = {
    {"InitProducerId", 4}, {"AddPartitionsToTxn", 2}, {"AddOffsetsToTxn", 2}, {"EndTxn", 2}};

/// Requests that name the partitions they are about.
constexpr std::string_view of_partitions[] = {"Produce",         "Fetch",
                                              "ListOffsets",     "OffsetCommit",
                                              "TxnOffsetCommit", "OffsetForLeaderEpoch",
                                              "DeleteRecords"};

constexpr std::string_view readers[] = {"Metadata",
                                        "FindCoordinator",
                                        "ApiVersions",
                                        "OffsetFetch",
                                        "DescribeGroups",
                                        "ListGroups",
                                        "DescribeCluster",
                                        "DescribeQuorum",
                                        "DescribeTopicPartitions",
                                        "ConsumerGroupDescribe"};

std::string_view name_of(std::int16_t api_key)
{
    auto const* known = find_api(api_key);
    return known != nullptr ? known->name : std::string_view{};
}

number_at const* number_of_partition(mention const& each)
{
    for (auto const* name : {"Index", "Partition", "PartitionIndex"})
        if (auto const* found = each.find(name))
            return found;
    return nullptr;
}

number_at const* error_of(mention const& each)
{
    auto const* const found = each.find("ErrorCode");
    return found != nullptr ? found : each.find("PartitionErrorCode");
}

bool admits(treatment const& how, std::string_view topic, std::string_view partition)
{
    return how.filter == nullptr || how.filter->admits(how.facts.of(topic, partition));
}

bool admits(treatment const& how, mention const& which)
{
    auto const number = std::to_string(which.partition);
    return admits(how, which.topic, which.partition < 0 ? std::string_view{} : number);
}

/// Sets numbers of what an answer says of a partition, where it has them.
struct numbers_of {
    std::string& frame;
    mention const& which;

    numbers_of const& set(std::string_view name, std::int64_t value) const
    {
        if (auto const* found = which.find(name))
            set_number(frame, *found, value);
        return *this;
    }
};

/// The treatment's error as brokers tell it in that version.
std::int16_t error_in(std::int16_t version, treatment const& how)
{
    auto const code = how.what->error;
    if (code != producer_fenced)
        return code;
    auto const api = name_of(how.facts.api_key);
    auto const is_older = [&](auto const& each) {
        return each.api == api && version < each.version;
    };
    return std::ranges::any_of(tells_fenced, is_older) ? invalid_producer_epoch : code;
}

/// As brokers do beside an error.
void set_error(std::string& frame, mention const& which, std::int16_t code)
{
    if (auto const* found = error_of(which))
        set_number(frame, *found, code);
    numbers_of{frame, which}
        .set("BaseOffset", -1)
        .set("LogAppendTimeMs", -1)
        .set("LogStartOffset", -1)
        .set("HighWatermark", -1)
        .set("LastStableOffset", -1)
        .set("Timestamp", -1)
        .set("Offset", -1);
}

/// What the next record of a partition would get.
std::int64_t next_offset(known_offsets::key_type const& of, known_offsets& offsets)
{
    auto const last = offsets.find(of);
    if (last != offsets.end())
        return ++last->second;
    if (offsets.size() < offsets_max)
        offsets.emplace(of, 0);
    return 0;
}

/// A moved partition has its own number again, and gets what is to be told of it.
void put_back(std::string& frame, mention const& which, treatment const& how,
              known_offsets& offsets)
{
    // They were numbered downwards, without a gap.
    auto const n = static_cast<std::size_t>(std::int64_t{no_partition} - which.partition);
    if (which.partition < 0 || n >= how.moved.size())
        return;
    auto const* const moved = &how.moved[n];
    if (auto const* number = number_of_partition(which))
        set_number(frame, *number, moved->partition);
    if (how.what->does == act::fake_ack) {
        numbers_of{frame, which}
            .set("ErrorCode", 0)
            .set("BaseOffset", next_offset({which.topic, moved->partition}, offsets))
            .set("LogStartOffset", 0);
    } else if (how.what->does == act::empty_fetch) {
        numbers_of{frame, which}
            .set("ErrorCode", 0)
            .set("HighWatermark", moved->offset)
            .set("LastStableOffset", moved->offset)
            .set("LogStartOffset", 0);
    } else {
        set_error(frame, which, how.what->error);
    }
}

void put_error(std::string& frame, outline const& answer, treatment const& how, std::int16_t code)
{
    bool const of_topics = tells_topics(how.facts.api_key) || answer.partitions.empty();
    auto const& list = of_topics ? answer.topics : answer.partitions;
    bool const of_all = code == rebootstrap_required;
    for (auto const& each : list) {
        if (of_all || error_of(each) == nullptr)
            continue;
        bool const is_meant = admits(how, each);
        // The others were refused with it.
        if (is_meant || how.refused)
            set_error(frame, each, is_meant ? code : operation_not_attempted);
    }
    // What has no topics, or tells nothing of them, tells it of itself.
    if (of_all || list.empty() || error_of(list.front()) == nullptr)
        for (auto const& each : answer.numbers)
            if (each.what->name == "ErrorCode")
                set_number(frame, each, code);
}

void put_no_leader(std::string& frame, outline const& answer, treatment const& how)
{
    for (auto const& each : answer.partitions)
        if (admits(how, each))
            numbers_of{frame, each}.set("ErrorCode", leader_not_available).set("LeaderId", -1);
}

}  // namespace

void request_facts::name_api(std::int16_t key)
{
    api_key = key;
    auto const name = name_of(key);
    api = name.empty() ? std::to_string(key) : std::string(name);
    api_names = name.empty() ? api : api + "," + std::to_string(key);
}

std::array<std::string_view, fact_count> request_facts::of(std::string_view topic,
                                                           std::string_view partition) const
{
    return {api_names, topic, partition, client_id, group, transactional_id, acks};
}

bool admits_all(treatment const& how, outline const& request)
{
    auto const& list = request.partitions.empty() ? request.topics : request.partitions;
    return std::ranges::all_of(list, [&](auto const& each) { return admits(how, each); });
}

bool only_reads(std::int16_t api_key)
{
    return std::ranges::find(readers, name_of(api_key)) != std::end(readers);
}

bool make_harmless(std::string& frame, outline const& request, treatment& of)
{
    auto const api = name_of(of.facts.api_key);
    if (std::ranges::find(of_partitions, api) != std::end(of_partitions)) {
        auto instead = no_partition;
        for (auto const& each : request.partitions) {
            auto const* const number = number_of_partition(each);
            if (number == nullptr || !admits(of, each))
                continue;
            auto const* const offset = each.find("FetchOffset");
            of.moved.push_back({each.partition, offset != nullptr ? offset->value : -1});
            set_number(frame, *number, instead--);
        }
        return !of.moved.empty();
    }
    for (auto const& each : refusals) {
        if (each.api != api)
            continue;
        auto const* const number = request.find(each.number);
        // Of topics that are not created none may be told to be.
        bool const is_for_all = api != "CreateTopics" || admits_all(of, request);
        if (number == nullptr || !is_for_all)
            return false;
        set_number(frame, *number, each.value);
        of.refused = true;
        return true;
    }
    return only_reads(of.facts.api_key);
}

bool tells_topics(std::int16_t api_key)
{
    auto const api = name_of(api_key);
    return api == "Metadata" || api == "DescribeTopicPartitions";
}

void treat_answer(std::string& frame, std::int16_t version, outline const& answer,
                  treatment const& how, known_offsets& offsets)
{
    switch (how.what->does) {
    case act::throttle:
        if (auto const* found = answer.find("ThrottleTimeMs"))
            set_number(frame, *found, how.what->throttle_ms);
        break;
    case act::no_leader:
        put_no_leader(frame, answer, how);
        break;
    case act::error:
    case act::fake_ack:
    case act::empty_fetch:
        for (auto const& each : answer.partitions)
            put_back(frame, each, how, offsets);
        if (!how.moved.empty() || how.what->does == act::empty_fetch)
            break;
        if (how.what->does == act::error)
            put_error(frame, answer, how, error_in(version, how));
        else if (how.refused)
            put_error(frame, answer, how, 0);
        break;
    default:
        break;
    }
}

}  // namespace aconite::kafka
