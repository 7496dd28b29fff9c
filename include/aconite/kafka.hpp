#pragma once

#include <aconite/operation_toxic.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// What a proxy whose protocol is `kafka` can do to single requests. docs/toxics/kafka.md has all
/// attributes, and what a match can name.
namespace aconite::kafka {

/// A fault by its name.
inline operation_toxic by_preset(std::string_view name)
{
    return {"kafka", "preset", std::string(name)};
}

/// What is produced is acknowledged and never stored.
inline operation_toxic lost_event()
{
    return by_preset("lost_event");
}
/// What is produced is stored, its answer is lost, and the connection reset.
inline operation_toxic duplicate_on_retry()
{
    return by_preset("duplicate_on_retry");
}
/// Producers and consumers are told NOT_LEADER_OR_FOLLOWER.
inline operation_toxic leader_election()
{
    return by_preset("leader_election");
}
/// Members of groups are told NOT_COORDINATOR.
inline operation_toxic coordinator_moved()
{
    return by_preset("coordinator_moved");
}
/// Members of groups are told REBALANCE_IN_PROGRESS at each heartbeat.
inline operation_toxic rebalance_storm()
{
    return by_preset("rebalance_storm");
}
/// Whoever asks anything is disconnected.
inline operation_toxic broker_down()
{
    return by_preset("broker_down");
}
/// Requests wait for a second, or as long as `delay` says.
inline operation_toxic slow_broker()
{
    return by_preset("slow_broker");
}
/// Producers and consumers are told to wait for a second.
inline operation_toxic quota()
{
    return by_preset("quota");
}
/// Transactional producers are told PRODUCER_FENCED.
inline operation_toxic fenced_producer()
{
    return by_preset("fenced_producer");
}
/// Clients of a topic are told TOPIC_AUTHORIZATION_FAILED.
inline operation_toxic unauthorized_topic()
{
    return by_preset("unauthorized_topic");
}
/// Producers are told KAFKA_STORAGE_ERROR.
inline operation_toxic disk_full()
{
    return by_preset("disk_full");
}

/// The answer tells an error, by its name, before the broker executes anything.
inline operation_toxic error(std::string_view name)
{
    return operation_toxic{"kafka", "fault", std::string("error")}.set("error", std::string(name));
}
/// The request is executed, its answer is lost, and the connection reset.
inline operation_toxic lose_reply()
{
    return {"kafka", "fault", std::string("lose_reply")};
}
/// The request never reaches the broker, and its connection goes silent.
inline operation_toxic lose_request()
{
    return {"kafka", "fault", std::string("lose_request")};
}
/// Consumers find nothing new.
inline operation_toxic empty_fetch()
{
    return {"kafka", "fault", std::string("empty_fetch")};
}
/// Clients are told what Metadata was that long ago, at least 1 ms.
inline operation_toxic stale_metadata(std::chrono::milliseconds age)
{
    return operation_toxic{"kafka", "fault", std::string("stale_metadata")}.set("age", age.count());
}
/// Clients are not told of a broker.
inline operation_toxic hide_broker(std::int64_t number)
{
    return operation_toxic{"kafka", "fault", std::string("hide_broker")}.set("hides", number);
}

}  // namespace aconite::kafka
