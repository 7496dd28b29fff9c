#pragma once

#include "proxy/forwarding/shard.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace aconite {

/// All shards of one engine. Any thread but the shards' own.
class shard_pool {
public:
    /// Starts `count` threads. All toxics together may hold `held_bytes_max`. `events` outlives the
    /// pool.
    shard_pool(std::size_t count, log_sink log, log_level log_least, std::size_t held_bytes_max,
               journal& events);
    /// Closes everything and joins the threads.
    ~shard_pool() { names_.close(); }

    [[nodiscard]] std::size_t size() const { return shards_.size(); }
    [[nodiscard]] shard_list const& list() const { return shards_; }

    /// Runs `task` on every shard, with the shard's number, and waits until all are done:
    /// bounded, because a turn of a shard is.
    void on_all(std::function<void(shard&, std::size_t)> const& task);
    /// The same on the shards that have sessions, or will have one whose client was accepted
    /// before the call.
    void on_busy(std::function<void(shard&)> const& task);
    /// The same on one shard.
    void on_one(std::size_t index, std::function<void(shard&)> const& task);

private:
    void on_each(std::vector<std::size_t> const& indices,
                 std::function<void(shard&, std::size_t)> const& task);

    resolver names_;
    std::atomic<std::uint64_t> connection_ids_{0};
    own_dials own_dials_;
    descriptor_room room_;
    shard_config const config_;
    shard_list shards_;
};

}  // namespace aconite
