#pragma once

#include <cstdint>
#include <string_view>

namespace aconite::kafka {

/// A fault that people meet, by its name: what the attributes are where they are not set.
struct preset {
    std::string_view name;
    std::string_view fault;
    std::string_view error{};             ///< empty here and below: nothing
    std::string_view apis{};              ///< which requests, if the match does not say
    std::string_view transactional_id{};  ///< and whose
    std::int64_t delay_ms = 0;
    std::int64_t throttle_ms = 0;
};

/// Requests for the coordinator of a group.
inline constexpr std::string_view of_groups =
    "JoinGroup,SyncGroup,Heartbeat,LeaveGroup,OffsetCommit,OffsetFetch,ConsumerGroupHeartbeat";

inline constexpr preset all_presets[] = {
    {.name = "leader_election",
     .fault = "error",
     .error = "NOT_LEADER_OR_FOLLOWER",
     .apis = "Produce,Fetch,ListOffsets"},
    {.name = "coordinator_moved", .fault = "error", .error = "NOT_COORDINATOR", .apis = of_groups},
    {.name = "broker_down", .fault = "disconnect"},
    {.name = "lost_event", .fault = "fake_ack", .apis = "Produce"},
    {.name = "duplicate_on_retry", .fault = "lose_reply", .apis = "Produce"},
    {.name = "rebalance_storm",
     .fault = "error",
     .error = "REBALANCE_IN_PROGRESS",
     .apis = "Heartbeat"},
    {.name = "slow_broker", .fault = "delay", .delay_ms = 1000},
    {.name = "quota", .fault = "throttle", .apis = "Produce,Fetch", .throttle_ms = 1000},
    {.name = "fenced_producer",
     .fault = "error",
     .error = "PRODUCER_FENCED",
     .apis = "InitProducerId,AddPartitionsToTxn,AddOffsetsToTxn,TxnOffsetCommit,EndTxn",
     .transactional_id = ".+"},
    {.name = "unauthorized_topic",
     .fault = "error",
     .error = "TOPIC_AUTHORIZATION_FAILED",
     .apis = "Produce,Fetch,Metadata,ListOffsets"},
    {.name = "disk_full", .fault = "error", .error = "KAFKA_STORAGE_ERROR", .apis = "Produce"},
};

}  // namespace aconite::kafka
