#pragma once

#include "toxics/answer_memory.hpp"
#include "toxics/redis/moved_slots.hpp"

#include <aconite/conversation.hpp>

namespace aconite::redis {

/// What all connections of one proxy know together. Any thread.
class proxy_memory final : public protocol_common {
public:
    /// What commands were answered, for clients that are to live in the past.
    toxics::answer_memory answers;
    /// Who was told of slots that have moved.
    moved_slots moved;
};

}  // namespace aconite::redis
