#pragma once

#include "proxy/record/wall_clock.hpp"

#include <aconite/stats.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace aconite {

/// A number that one thread counts up and any may read.
class tally {
public:
    void add(std::uint64_t n)
    {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    void set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Durations as one thread measures them.
class duration_meter {
public:
    void add(duration d);
    [[nodiscard]] duration_histogram value() const;

private:
    std::array<tally, duration_histogram::bounds.size() + 1> counts_;
    tally sum_;  ///< in ticks of `duration`
};

/// What a toxic did on the connections of one shard: written by that shard, read by any thread.
struct alignas(64) toxic_meter {
    tally hits;
    tally connections;
    tally bytes;
    tally first_hit;  ///< since the clock's epoch; 0: never
    tally last_hit;
    duration_meter added_delay;

    /// It acted `count` times at `now`, on a connection that it had not touched before if `first`.
    void hit(time_point now, std::uint64_t count, bool first);
};

/// What went through a proxy on one shard: written by that shard, read by any thread.
struct alignas(64) proxy_meter {
    tally received[stream_count];
    tally sent[stream_count];
    tally accepted;  ///< on the shard of the listener
    tally refused;   ///< the same
    tally dial_errors;
    tally not_followed;
    tally unknown;
    tally bypass;
    tally rewritten;
    duration_meter dials;
};

/// A meter for each shard that has something to count: of thousands of proxies most are idle.
template <class Meter>
class sharded {
public:
    explicit sharded(std::size_t shards) : of_(shards) {}
    sharded(sharded const&) = delete;
    sharded& operator=(sharded const&) = delete;
    ~sharded()
    {
        for (auto& each : of_)
            delete each.load();
    }

    /// The shard's, made if there is none. Only the thread of that shard.
    [[nodiscard]] Meter& of(std::size_t shard)
    {
        auto* made = of_[shard].load(std::memory_order_relaxed);
        if (made == nullptr)
            of_[shard].store(made = new Meter, std::memory_order_release);
        return *made;
    }

    /// Calls `look(meter)` for each that there is. Any thread.
    template <class Look>
    void each(Look look) const
    {
        for (auto const& each : of_)
            if (auto const* made = each.load(std::memory_order_acquire))
                look(*made);
    }

private:
    std::vector<std::atomic<Meter*>> of_;
};

/// The meter of one shard, which keeps all of them alive; null without any. Only the thread of
/// that shard.
template <class Meter>
std::shared_ptr<Meter> meter_of(std::shared_ptr<sharded<Meter>> const& all, std::size_t shard)
{
    return all ? std::shared_ptr<Meter>(all, &all->of(shard)) : nullptr;
}

/// Adds what the meters say to the numbers of `into`; the names are left alone.
void read(sharded<toxic_meter> const& from, wall_clock const& clock, toxic_stats& into);
void read(sharded<proxy_meter> const& from, proxy_stats& into);

}  // namespace aconite
