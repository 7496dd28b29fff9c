#pragma once

#include "proxy/address.hpp"
#include "proxy/plan.hpp"
#include "proxy/shard_pool.hpp"

#include <aconite/config.hpp>
#include <aconite/toxic_type.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aconite {

/// A toxic that was checked and can be put in force.
struct toxic_entry {
    std::string name;
    stream direction = stream::downstream;
    planned_toxic planned;
};

/// What every proxy of an engine needs. Outlives them.
struct proxy_environment {
    shard_pool& shards;
    log_sink const& log;
    std::uint64_t seed;
    std::chrono::milliseconds dial_timeout;
};

/// One proxy as the engine keeps it: its settings, its toxics, and whether it runs. Not
/// locked: the engine does. Every change returns when all shards have it in force.
class proxy_entry {
public:
    proxy_entry(proxy_environment const& around, std::uint64_t id, proxy_config const& config);
    /// Stops.
    ~proxy_entry();
    proxy_entry(proxy_entry const&) = delete;
    proxy_entry& operator=(proxy_entry const&) = delete;

    /// Listens. 500 with the reason; then the proxy stays disabled.
    result<void> start(result<listen_address> const& at);
    /// Closes the listener, then every connection. The port is free when it returns.
    void stop();
    /// New addresses; call while stopped.
    void move(std::string listen, std::string upstream);

    /// Adds a checked toxic at the end of its stream's chain.
    void add(toxic_entry toxic);
    /// Puts new values in force; the same values disturb nothing.
    void change(toxic_entry& toxic, attribute_values values, float toxicity);
    void remove(std::string_view toxic);
    void remove_all();
    [[nodiscard]] toxic_entry* find(std::string_view toxic);

    [[nodiscard]] std::string const& name() const { return name_; }
    [[nodiscard]] std::string const& listen() const { return listen_; }
    [[nodiscard]] std::string const& upstream() const { return upstream_; }
    [[nodiscard]] bool enabled() const { return enabled_; }
    [[nodiscard]] proxy_info info() const;
    [[nodiscard]] std::vector<toxic_info> toxics() const;
    [[nodiscard]] proxy_traffic traffic() const;

    static toxic_info describe(toxic_entry const& toxic);

private:
    void publish();
    void say(char const* message) const;
    [[nodiscard]] std::size_t home() const { return id_ % around_.shards.size(); }
    [[nodiscard]] std::shared_ptr<plan const> make_plan() const;

    proxy_environment const& around_;
    std::uint64_t id_;
    std::string name_;
    std::string listen_;
    std::string upstream_;
    bool enabled_ = false;
    std::vector<toxic_entry> toxics_;
    std::shared_ptr<plan_board> toxics_in_force_;  ///< of the running proxy
    std::uint64_t next_toxic_id_ = 1;
    std::map<std::string, std::uint64_t, std::less<>> created_;  ///< how often, by toxic name
    std::shared_ptr<std::atomic<std::uint64_t>> ordinals_;
    std::vector<std::shared_ptr<traffic_counter>> traffic_;  ///< one for each shard
};

}  // namespace aconite
