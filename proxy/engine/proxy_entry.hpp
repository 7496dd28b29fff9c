#pragma once

#include "proxy/engine/toxic_check.hpp"
#include "proxy/engine/toxic_entry.hpp"
#include "proxy/forwarding/broker_book.hpp"
#include "proxy/forwarding/shard_pool.hpp"
#include "proxy/net/address.hpp"
#include "proxy/pipeline/plan.hpp"

#include <aconite/config.hpp>
#include <aconite/stats.hpp>
#include <aconite/toxic_type.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

/// What every proxy of an engine needs. Outlives them.
struct proxy_environment {
    shard_pool& shards;
    agenda& timetable;
    journal& events;
    log_sink const& log;
    toxic_registry const& types;
    std::uint64_t seed;
    connection_rules rules;
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
    /// New addresses, another protocol, other listeners of brokers; call while stopped.
    void move(std::string listen, std::string upstream, spoken_protocol protocol,
              broker_settings const& brokers);

    /// Adds a checked toxic at the end of its stream's chain.
    void add(toxic_entry toxic);
    /// Puts a checked patch in force; the same values disturb nothing.
    void change(toxic_entry& toxic, toxic_change change, toxic_patch const& patch);
    void remove(std::string_view toxic);
    void remove_all();
    /// Makes its toxics the checked ones that are `wanted`, as `engine::reconfigure` says. Whether
    /// anything differed.
    bool set_toxics(std::vector<toxic_entry> wanted);
    /// Removes the toxics of a lease that has ended.
    void end_lease(std::string_view lease);
    /// What connections are called that open from now on.
    void set_label(std::string label);
    [[nodiscard]] toxic_entry* find(std::string_view toxic);

    [[nodiscard]] std::string const& name() const { return name_; }
    [[nodiscard]] std::string const& listen() const { return listen_; }
    [[nodiscard]] std::string const& upstream() const { return upstream_; }
    /// Null: none.
    [[nodiscard]] protocol_type const* protocol() const { return spoken_.type; }
    [[nodiscard]] spoken_protocol const& spoken() const { return spoken_; }
    /// Whether it has the protocol of `config`, which was checked.
    [[nodiscard]] bool speaks(proxy_config const& config) const;
    [[nodiscard]] std::string protocol_name() const
    {
        return std::string(spoken_.type != nullptr ? spoken_.type->name : "");
    }
    [[nodiscard]] broker_settings const& brokers() const { return brokers_; }
    /// 409 if a toxic that it has needs another protocol.
    [[nodiscard]] result<void> check_protocol(protocol_type const* spoken) const;
    [[nodiscard]] bool enabled() const { return enabled_; }
    [[nodiscard]] std::optional<std::uint64_t> seed() const { return seed_; }
    [[nodiscard]] std::string label() const { return label_ ? *label_ : ""; }
    [[nodiscard]] proxy_info info() const;
    [[nodiscard]] std::vector<toxic_info> toxics() const;
    [[nodiscard]] proxy_stats stats();

    static toxic_info describe(toxic_entry const& toxic);

private:
    struct entrance {
        listen_address at;  ///< with the port that the socket has
        listening_socket socket;
    };
    /// The listening sockets of the proxy, its own first.
    [[nodiscard]] result<std::vector<entrance>> open_entrances(listen_address const& at) const;
    /// A book for each entrance, all with the same numbers.
    void make_books(std::size_t entrances);
    /// What begins to listen for brokers of the running proxy.
    [[nodiscard]] broker_book::opener
    door_opener(std::shared_ptr<route_info const> const& info) const;
    [[nodiscard]] std::vector<broker_info> brokers_seen() const;
    void publish();
    void place(toxic_entry toxic);
    void redefine(toxic_entry& toxic, toxic_entry wanted);
    void arm_ttl(toxic_entry& toxic);
    void arm_schedule(toxic_entry& toxic);
    void await_step(toxic_entry& toxic);
    void take_steps(std::uint64_t toxic_id);
    void update(toxic_entry& toxic, schedule_step const& step);
    template <class Doomed>
    std::size_t take_out(Doomed doomed);
    template <class Doomed>
    void remove_if(Doomed doomed);
    void remove_by_id(std::uint64_t id);
    void say(char const* message) const;
    void note(char const* what) const;
    void note(char const* what, toxic_entry const& toxic) const;
    void bury(toxic_entry const& toxic);
    [[nodiscard]] std::uint64_t seed_of(toxic_entry const& toxic) const;
    [[nodiscard]] std::size_t home() const { return id_ % around_.shards.size(); }
    [[nodiscard]] std::shared_ptr<plan const> make_plan() const;

    proxy_environment const& around_;
    std::uint64_t id_;
    std::string name_;
    std::string listen_;
    std::string upstream_;
    spoken_protocol spoken_;
    broker_settings brokers_;
    /// One for each listener of the proxy, if its protocol has brokers; none before it has run.
    std::vector<std::shared_ptr<broker_book>> books_;
    std::optional<std::uint64_t> seed_;
    std::shared_ptr<std::string const> label_;
    bool enabled_ = false;
    std::vector<toxic_entry> toxics_;
    std::shared_ptr<plan_board> toxics_in_force_;  ///< of the running proxy
    std::uint64_t next_toxic_id_ = 1;
    std::map<std::string, std::uint64_t, std::less<>> created_;  ///< how often, by toxic name
    std::shared_ptr<std::atomic<std::uint64_t>> ordinals_;
    std::shared_ptr<sharded<proxy_meter>> meters_;
    std::shared_ptr<live_count> live_;  ///< of the running proxy, or of the last one
    /// What removed toxics did, in order of removal.
    std::vector<std::pair<toxic_stats, std::shared_ptr<sharded<toxic_meter>>>> gone_;
};

}  // namespace aconite
