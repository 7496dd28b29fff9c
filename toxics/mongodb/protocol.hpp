#pragma once

#include <aconite/conversation.hpp>

#include <cstddef>
#include <cstdint>

namespace aconite::mongodb {

/// What is known of a command, in the order of the protocol's match row.
enum class fact : std::uint8_t {
    command,
    database,
    collection,
    app_name,
    in_transaction,
    kind,
};
inline constexpr std::size_t fact_count = 6;

/// The protocol `mongodb`.
extern constinit protocol_type const protocol;

}  // namespace aconite::mongodb
