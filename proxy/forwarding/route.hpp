#pragma once

#include "proxy/admission/live_count.hpp"
#include "proxy/forwarding/dial_target.hpp"
#include "proxy/pipeline/connection_match.hpp"
#include "proxy/pipeline/plan_board.hpp"
#include "proxy/record/meters.hpp"

#include <aconite/config.hpp>
#include <aconite/conversation.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace aconite {

class broker_book;
class session;

/// What the engine's settings say of each connection.
struct connection_rules {
    std::chrono::milliseconds dial_timeout{};
    std::chrono::seconds keep_alive{};              ///< 0: none
    std::chrono::milliseconds half_closed_limit{};  ///< 0: none
};

/// What every shard may know of a running proxy, or of one broker's listener of it. Immutable.
struct route_info {
    std::uint64_t id = 0;  ///< of the proxy, in the engine
    std::string name;
    std::string listen;
    dial_target target;
    connection_rules rules;
    protocol_type const* protocol = nullptr;    ///< null: bytes, no more
    std::shared_ptr<protocol_common> common{};  ///< of the conversations, if they have it
    std::shared_ptr<broker_book> brokers{};     ///< that clients are told of
    std::int64_t broker = no_broker;            ///< the one that this listener stands for
};

/// One running proxy as one shard sees it: the plan in force and the live connections.
struct route {
    std::shared_ptr<plan_board const> toxics;
    std::shared_ptr<sharded<proxy_meter>> meters;
    std::shared_ptr<live_count> live;
    session* sessions = nullptr;  ///< doubly linked through session
};

}  // namespace aconite
