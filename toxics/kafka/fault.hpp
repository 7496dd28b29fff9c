#pragma once

#include "toxics/answer_fault.hpp"

#include <aconite/attribute.hpp>
#include <aconite/operation.hpp>
#include <aconite/problem.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace aconite::kafka {

/// What is done to a request or its answer.
enum class act : std::uint8_t {
    error,         ///< the answer tells an error
    lose_request,  ///< nor what comes behind it ever reaches the broker
    lose_reply,    ///< it is executed, and nothing is told
    fake_ack,      ///< what is to be stored is not, and acknowledged
    throttle,      ///< the client is told to wait
    disconnect,
    no_leader,       ///< partitions have none
    empty_fetch,     ///< there is nothing new
    stale_metadata,  ///< the answer is an old one
    hide_broker,     ///< it is no part of the cluster
    delay,
};

/// A fault of the toxic `kafka`, as its attributes and its preset say.
struct fault final : toxics::answer_fault {
    act does = act::delay;
    std::int16_t error = 0;  ///< its code
    std::int32_t throttle_ms = 0;
    duration age{};           ///< of stale_metadata
    std::int32_t hides = -1;  ///< a broker's number
};

/// What the attributes of the toxic say, the preset's where they are not set.
std::shared_ptr<operation_fault const> make_fault(attribute_values const& values);
/// 400 that names the attribute if they do not fit each other.
result<void> check_fault(attribute_values const& values);
/// What the preset, or the fault, says of a field of the match row; empty: nothing.
std::string_view implied_match(attribute_values const& values, std::string_view field);

}  // namespace aconite::kafka
