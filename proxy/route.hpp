#pragma once

#include "proxy/live_count.hpp"
#include "proxy/plan_board.hpp"

#include <aconite/config.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace aconite {

class session;

/// What every shard may know of a running proxy. Immutable.
struct route_info {
    std::string name;
    std::string listen;
    std::string upstream;
    std::chrono::milliseconds dial_timeout{};
};

/// Byte counters of one proxy on one shard: one writer, any number of readers.
struct alignas(64) traffic_counter {
    std::atomic<std::uint64_t> received[stream_count] = {};
    std::atomic<std::uint64_t> sent[stream_count] = {};

    static void add(std::atomic<std::uint64_t>& counter, std::uint64_t bytes)
    {
        counter.store(counter.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
    }
};

/// One running proxy as one shard sees it: the plan in force and the live connections.
struct route {
    std::shared_ptr<route_info const> info;
    std::shared_ptr<plan_board const> toxics;
    std::shared_ptr<traffic_counter> traffic;
    std::shared_ptr<live_count> live;
    session* sessions = nullptr;  ///< doubly linked through session
};

}  // namespace aconite
