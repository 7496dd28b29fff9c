#pragma once

#include "proxy/pipeline/plan.hpp"

#include <aconite/time.hpp>

#include <cstdint>
#include <span>
#include <vector>

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
    std::vector<std::uint64_t> delayed_by;   ///< ids of the toxics that delay the dial
    std::vector<planned_toxic const*> hits;  ///< of those asked about, the ones that act

    friend bool operator==(reception const&, reception const&) = default;
};

/// A connection on its way to its shard.
struct arrival {
    connection_facts facts;
    std::vector<std::uint64_t> delayed_by;
    std::vector<std::uint64_t> trail;  ///< proxies of this engine that it came through, by id
};

/// What the door has to be while `live` connections of the proxy are served.
door_state door_for(std::span<planned_toxic const> attempts, std::uint64_t live);

/// What such a connection meets: a reset if one of the toxics wants it, else all delays.
/// Depends on the toxics' keys and matches, what is known of the connection, where there is a cap
/// on how many it came beside, and on the triggers, which count it: call it once for each.
reception receive(std::span<planned_toxic const> attempts, connection_facts const& who);

/// Which of the toxics put the door in such a state while `live` connections are served.
std::vector<planned_toxic const*> who_sets(std::span<planned_toxic const> attempts,
                                           door_state state, std::uint64_t live);

/// From the accept to the dial: the delays, as they are now, of those toxics that are still there.
duration delay_of(std::span<planned_toxic const> attempts, std::span<std::uint64_t const> ids);

}  // namespace aconite
