#pragma once

#include "tests/unit/toxics/kafka/messages.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

/// Requests about three partitions, of which a toxic acts on one.
namespace aconite::test::kf {

inline constexpr std::int16_t not_leader = 6;
inline constexpr std::int16_t unknown_partition = 3;

/// What brokers say beside an error.
inline numbers const refused{{"ErrorCode", unknown_partition},
                             {"BaseOffset", -1},
                             {"LogAppendTimeMs", -1},
                             {"LogStartOffset", -1},
                             {"HighWatermark", -1},
                             {"LastStableOffset", -1},
                             {"Timestamp", -1},
                             {"Offset", -1}};
inline numbers with_error(std::int64_t code, numbers all = refused)
{
    all["ErrorCode"] = code;
    all["PartitionErrorCode"] = code;
    return all;
}

/// A request as the broker gets it while there are toxics, if they do nothing to it.
inline saying without_session(saying what, std::int16_t key)
{
    if (key == fetch)
        what.numbers["SessionEpoch"] = -1;
    return what;
}

inline saying const three{{{"orders", {{0}, {1}}}, {"payments", {{1}}}},
                          {{"Acks", -1}, {"MaxBytes", 100}}};

struct api_versions_of {
    std::int16_t key;
    std::int16_t version;
};
/// All versions of all requests that name the partitions they are about.
inline std::vector<api_versions_of> of_partitions()
{
    std::vector<api_versions_of> all;
    for (auto const key : {produce, fetch, list_offsets, offset_commit, delete_records,
                           offset_for_leader_epoch, txn_offset_commit})
        for (std::int16_t version = 0; version <= newest(key); ++version)
            all.push_back({key, version});
    return all;
}

/// Asks for three partitions with a toxic on one of them. `moved`: the broker is asked for none
/// that there is in its place, and `told` is what it says of that. What the client reads.
inline void ask_for_three(api_versions_of const& of, attribute_list const& attributes, bool moved,
                          numbers const& told, numbers const& expected, int line_number)
{
    auto const trace = std::to_string(of.key) + " v" + std::to_string(of.version);
    testing::ScopedTrace const scope(__FILE__, line_number, trace);
    session line;
    line.learn({"orders", "payments"});
    line.add(attributes, {{"topic", "orders"}, {"partition", 1}, {"api", std::to_string(of.key)}});
    auto sent = three;
    line.client(request(of.key, of.version, 1, sent));
    if (moved)
        sent.topics[0].partitions[1].number = nowhere;
    ASSERT_EQ(line.to_server(), request(of.key, of.version, 1, without_session(sent, of.key)));
    ASSERT_EQ(line.hits.size(), 1U);
    auto answered = three;
    answered.topics[0].partitions[1] = {moved ? nowhere : 1, told};
    line.server(answer(of.key, of.version, 1, answered));
    answered.topics[0].partitions[1] = {1, expected};
    ASSERT_EQ(line.to_client(), answer(of.key, of.version, 1, answered));
    EXPECT_TRUE(line.told.empty());
    EXPECT_TRUE(line.unknown.empty());
}

}  // namespace aconite::test::kf
