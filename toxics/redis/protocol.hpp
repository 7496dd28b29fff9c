#pragma once

#include <aconite/conversation.hpp>

#include <cstddef>
#include <cstdint>

namespace aconite::redis {

/// What is known of a command, in the order of the protocol's match row.
enum class fact : std::uint8_t {
    command,
    key,
    database,
    client_name,
    user,
    in_multi,
    arguments,
    kind,
};
inline constexpr std::size_t fact_count = 8;

/// The protocol `redis`.
extern constinit protocol_type const protocol;

}  // namespace aconite::redis
