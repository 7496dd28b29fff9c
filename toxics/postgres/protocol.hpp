#pragma once

#include <aconite/conversation.hpp>

#include <cstddef>

namespace aconite::postgres {

/// The fields of the match row, in its order.
enum class field : std::size_t {
    query,
    command,
    user,
    database,
    application_name,
    state,
    phase,
};
constexpr std::size_t field_count = 7;

/// PostgreSQL's protocol, version 3.
extern protocol_type const protocol;

}  // namespace aconite::postgres
