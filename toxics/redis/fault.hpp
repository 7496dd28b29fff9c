#pragma once

#include "toxics/answer_fault.hpp"

#include <aconite/attribute.hpp>
#include <aconite/operation.hpp>
#include <aconite/problem.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::redis {

/// What is done to a command or its answer.
enum class act : std::uint8_t {
    error,         ///< the answer is an error
    lose_request,  ///< nor what comes behind it ever reaches the server
    lose_reply,    ///< it is executed, and nothing is told
    nil,           ///< nothing is found
    stale,         ///< the answer is an old one
    truncate,      ///< the answer ends in the middle, and the connection with it
    disconnect,
    drop_push,  ///< a message or an invalidation does not come
    delay,
};

/// A fault of the toxic `redis`, as its attributes and its preset say.
struct fault final : toxics::answer_fault {
    act does = act::delay;
    std::string error;         ///< a line without its end; MOVED and ASK without a slot
    std::string node;          ///< of MOVED and ASK; empty: the connection's own
    bool moves_slots = false;  ///< of MOVED: who has been told of a slot is served there
    duration age{};            ///< of stale
    std::uint64_t bytes = 0;   ///< of truncate

    /// Whether `error_line` has to know where the connection's own node is.
    [[nodiscard]] bool asks_own_node() const;
    /// What the client is told of a command with this key, with its end of line.
    [[nodiscard]] std::string error_line(std::string_view key, std::string_view own_node) const;
};

/// What the attributes of the toxic say, the preset's where they are not set.
std::shared_ptr<operation_fault const> make_fault(attribute_values const& values);
/// 400 that names the attribute if they do not fit each other.
result<void> check_fault(attribute_values const& values);
/// What the preset, or the fault, says of a field of the match row; empty: nothing.
std::string_view implied_match(attribute_values const& values, std::string_view field);

}  // namespace aconite::redis
