#pragma once

#include <aconite/conversation.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

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

/// Of what kinds a command is that has a key, beside `command`, as it is in no match that people
/// write: MOVED and ASK are told of no other ones.
inline constexpr std::string_view kinds_with_key = "command,MOVED,ASK";
/// And one of a slot of which its client has not been told yet that it has moved.
inline constexpr std::string_view kinds_with_new_key = "command,MOVED,ASK,moved slot";
inline constexpr std::string_view kind_of_moved_slot = "moved slot";

/// The protocol `redis`.
extern constinit protocol_type const protocol;

}  // namespace aconite::redis
