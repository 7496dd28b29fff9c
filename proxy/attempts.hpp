#pragma once

#include "proxy/plan.hpp"

#include <aconite/time.hpp>

#include <cstdint>
#include <span>

namespace aconite {

/// What a client meets that knocks at a proxy. Where several toxics disagree the later one here
/// wins: what the network swallows no host can refuse.
enum class door_state : std::uint8_t {
    open,
    refusing,  ///< RST
    silent,    ///< no answer
};

/// What happens to a connection that was accepted.
struct reception {
    bool reset = false;
    duration delay{};  ///< from the accept to the dial

    friend bool operator==(reception const&, reception const&) = default;
};

/// A connection on its way to its shard.
struct arrival {
    connection_facts facts;
    duration delay{};
};

/// What the door has to be while `live` connections of the proxy are served.
door_state door_for(std::span<planned_toxic const> attempts, std::uint64_t live);

/// What such a connection meets: a reset if one of the toxics wants it, else all delays together.
/// Depends on the toxics' keys and matches, what is known of the connection, where there is a cap
/// on how many it came beside, and on the triggers, which count it: call it once for each.
reception receive(std::span<planned_toxic const> attempts, connection_facts const& who);

/// How long it may wait at most, as things are now: the triggers are not asked.
duration most_delay(std::span<planned_toxic const> attempts, connection_facts const& who);

}  // namespace aconite
