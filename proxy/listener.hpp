#pragma once

#include "proxy/alarms.hpp"
#include "proxy/pump_set.hpp"
#include "proxy/unique_fd.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace aconite {

class shard;
struct route_info;

/// Every shard of an engine.
using shard_list = std::vector<std::unique_ptr<shard>>;

/// Accepts the clients of one proxy and gives each to the least-loaded shard. Never dials.
class listener final : public io_handler, private alarm {
public:
    /// `home` is where the listener lives; the references outlive it. `ordinals` counts the
    /// proxy's connections.
    listener(shard& home, shard_list const& shards, std::uint64_t route_id,
             std::shared_ptr<route_info const> info, unique_fd socket,
             std::shared_ptr<std::atomic<std::uint64_t>> ordinals);

    void start();
    /// Stops accepting; the port is free when this returns.
    void close();

    void on_io(std::uint32_t events) override;

private:
    void on_alarm(time_point now) override;
    void accept_failed(int error);

    shard& home_;
    shard_list const& shards_;
    std::uint64_t route_id_;
    std::shared_ptr<route_info const> info_;
    unique_fd socket_;
    std::shared_ptr<std::atomic<std::uint64_t>> ordinals_;
    bool watched_ = false;
    bool short_of_resources_ = false;
};

}  // namespace aconite
