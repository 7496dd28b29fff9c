#pragma once

#include <aconite/conversation.hpp>

#include <cstddef>

namespace aconite::kafka {

/// The fields of the match row, in its order.
enum class fact : std::size_t { api, topic, partition, client_id, group, transactional_id, acks };
inline constexpr std::size_t fact_count = 7;

/// Kafka's protocol, which Redpanda speaks too. https://kafka.apache.org/protocol
extern protocol_type const protocol;

}  // namespace aconite::kafka
