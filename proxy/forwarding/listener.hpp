#pragma once

#include "proxy/admission/door.hpp"
#include "proxy/admission/live_count.hpp"
#include "proxy/loop/alarms.hpp"
#include "proxy/loop/pump_set.hpp"
#include "proxy/loop/unique_fd.hpp"
#include "proxy/pipeline/plan_board.hpp"
#include "proxy/record/journal_ring.hpp"
#include "proxy/record/meters.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

class shard;
struct route_info;

/// Every shard of an engine.
using shard_list = std::vector<std::unique_ptr<shard>>;

/// Accepts the clients of one proxy, or of one broker behind it, and gives each to the least-loaded
/// shard. Never dials.
class listener final : public io_handler, private alarm {
public:
    /// `home` is where the listener lives; the references outlive it. `ordinals` counts the
    /// proxy's connections, `live` those that go on, `meters` what is counted for the proxy.
    listener(shard& home, shard_list const& shards, std::shared_ptr<route_info const> info,
             std::shared_ptr<plan_board const> toxics, std::shared_ptr<live_count> live,
             std::shared_ptr<sharded<proxy_meter>> meters, unique_fd socket,
             std::shared_ptr<std::atomic<std::uint64_t>> ordinals);

    void start();
    /// Stops accepting; the port is free when this returns.
    void close();

    /// What is known of who comes from now on is another.
    void renew(std::shared_ptr<route_info const> info) { info_ = std::move(info); }
    [[nodiscard]] std::int64_t broker() const;

    /// The plan changed, or fewer connections are live.
    void look_at_door();

    void on_io(std::uint32_t events) override;

private:
    void on_alarm(time_point now) override;
    void serve();
    bool may_accept();
    void accept_failed(int error);
    void admit(unique_fd client, address const& from);
    void turn_away(unique_fd client, connection_facts const& who, std::string_view why);
    void record(planned_toxic const& toxic, journal_entry what, bool on_connection);

    shard& home_;
    shard_list const& shards_;
    std::shared_ptr<route_info const> info_;
    std::shared_ptr<plan_board const> toxics_;
    std::shared_ptr<plan const> plan_;  ///< in force
    std::shared_ptr<live_count> live_;
    std::shared_ptr<sharded<proxy_meter>> meters_;
    door door_;
    std::shared_ptr<std::atomic<std::uint64_t>> ordinals_;
    door_state shown_ = door_state::open;
    std::uint16_t port_ = 0;
    bool watched_ = false;
    bool short_of_resources_ = false;
    time_point quiet_until_{};    ///< no line of the log for who is turned away
    std::uint64_t unlogged_ = 0;  ///< of those
};

}  // namespace aconite
