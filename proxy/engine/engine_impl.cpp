#include "proxy/engine/engine_impl.hpp"

#include "proxy/engine/proxy_check.hpp"
#include "proxy/engine/toxic_check.hpp"
#include "proxy/net/socket_option.hpp"

#include <aconite/processors.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace aconite {
namespace {

constexpr std::size_t journal_records_max = std::size_t{1} << 24;

/// What all toxics of an engine may hold together; see docs/compatibility.md.
constexpr std::size_t held_bytes_max = std::size_t{1} << 30;

unsigned shard_count(unsigned asked)
{
    return asked != 0 ? asked : default_threads(find_processors());
}

std::uint64_t random_seed()
{
    std::random_device entropy;
    // 63 bits: `-seed` takes a signed number.
    return (std::uint64_t{entropy()} << 32 | entropy()) >> 1;
}

connection_rules rules_of(engine_config const& config)
{
    constexpr std::chrono::milliseconds longest{time_ms_max};
    return {std::min(config.dial_timeout, longest), std::min(config.keep_alive, keep_alive_max),
            std::min(config.half_closed_limit, longest)};
}

problem no_proxy()
{
    return {404, "proxy not found"};
}
problem no_lease(std::string const& id)
{
    return {400, "bad request body: 'lease' must be one that has not ended, not '" +
                     id.substr(0, 60) + "'"};
}

}  // namespace

engine::impl::impl(engine_config config)
    : config_(std::move(config)),
      seed_(config_.seed ? *config_.seed : random_seed()),
      events_(shard_count(config_.shards), std::min(config_.journal_records, journal_records_max)),
      shards_(shard_count(config_.shards), config_.log, config_.log_least, held_bytes_max, events_),
      around_{shards_, timetable_, events_, config_.log, config_.toxics, seed_, rules_of(config_)}
{}

result<void> engine::impl::check_leases(std::span<toxic_entry const> toxics) const
{
    for (auto const& each : toxics)
        if (!each.lease.empty() && !leases_.has(each.lease))
            return no_lease(each.lease);
    return {};
}

/// Adds a proxy that is not there yet. Under the lock.
result<proxy_info> engine::impl::make(proxy_config const& config, std::vector<toxic_entry> toxics,
                                      result<listen_address> const& at)
{
    auto entry = std::make_unique<proxy_entry>(around_, next_id_++, config);
    for (auto& toxic : toxics)
        entry->add(std::move(toxic));
    if (config.enabled) {
        if (auto const started = entry->start(at); !started)
            return started.error();
    }
    return (proxies_[config.name] = std::move(entry))->info();
}

result<proxy_info> engine::impl::create(proxy_config config)
{
    if (config.name.empty())
        return missing("name");
    if (config.upstream.empty())
        return missing("upstream");
    auto const protocol = find_protocol(config_.toxics, config.protocol, config.protocol_settings);
    if (!protocol)
        return protocol.error();
    if (auto const fits = check_brokers(config.brokers, protocol->type); !fits)
        return fits.error();
    auto toxics = check_toxics(config_.toxics, config.toxics, protocol->type);
    auto const at = resolve_listen(config.listen);
    std::lock_guard const hold(lock_);
    if (proxies_.contains(config.name))
        return problem{409, "proxy already exists"};
    if (!toxics)
        return toxics.error();
    if (auto const tied = check_leases(*toxics); !tied)
        return tied.error();
    return make(config, *std::move(toxics), at);
}

result<proxy_info> engine::impl::update(std::string_view name, proxy_patch const& patch)
{
    if (patch.upstream && patch.upstream->empty())
        return missing("upstream");
    auto const wanted =
        find_protocol(config_.toxics, patch.protocol.value_or(""), patch.protocol_settings);
    if (!wanted)
        return wanted.error();
    for (;;) {
        auto const before = with(name, [](proxy_entry& p) { return result<proxy_info>(p.info()); });
        if (!before)
            return before.error();
        // Looking a name up may take long: not under the lock, and only where it is needed.
        bool const starts = patch.enabled.value_or(false) && !before->enabled;
        auto const listen = patch.listen.value_or(before->listen);
        result<listen_address> at = listen_address{before->listen, {}, false};
        if (patch.listen || patch.upstream || patch.protocol || patch.brokers || starts)
            at = resolve_listen(listen);
        if (patch.listen && !at)
            return at.error();

        std::lock_guard const hold(lock_);
        auto const found = proxies_.find(name);
        if (found == proxies_.end())
            return no_proxy();
        auto& entry = *found->second;
        if (entry.listen() != before->listen || entry.enabled() != before->enabled)
            continue;  // somebody else was faster
        if (patch.seed && patch.seed != entry.seed())
            return problem{400,
                           "bad request body: 'seed' cannot be changed; create the proxy anew"};
        auto const protocol = patch.protocol ? *wanted : entry.spoken();
        if (auto const fits = entry.check_protocol(protocol.type); !fits)
            return fits.error();
        auto const brokers = patch.brokers.value_or(entry.brokers());
        if (auto const fits = check_brokers(brokers, protocol.type); !fits)
            return fits.error();
        if (patch.label)
            entry.set_label(*patch.label);
        bool const enable = patch.enabled.value_or(entry.enabled());
        auto const upstream = patch.upstream.value_or(entry.upstream());
        if ((patch.listen && at->text != entry.listen()) || upstream != entry.upstream() ||
            protocol != entry.spoken() || brokers != entry.brokers()) {
            entry.stop();
            entry.move(listen, upstream, protocol, brokers);
        }
        if (!enable)
            entry.stop();
        else if (!entry.enabled())
            if (auto const started = entry.start(at); !started)
                return started.error();
        return entry.info();
    }
}

populate_result engine::impl::populate(std::vector<proxy_config> configs)
{
    populate_result done;
    auto checked = check_proxies(config_.toxics, configs);
    if (!checked) {
        done.failure = checked.error();
        return done;
    }
    auto& toxics = *checked;
    std::vector<result<listen_address>> at;
    for (auto const& config : configs)
        at.push_back(resolve_listen(config.listen));

    std::lock_guard const hold(lock_);
    for (std::size_t i = 0; i < configs.size(); ++i) {
        if (auto const tied = check_leases(toxics[i]); !tied) {
            done.failure = at_proxy(tied.error(), i);
            return done;
        }
    }
    for (std::size_t i = 0; i < configs.size(); ++i) {
        auto const found = proxies_.find(configs[i].name);
        if (found != proxies_.end()) {
            auto& entry = *found->second;
            if (!at[i]) {
                done.failure = at[i].error();
                return done;
            }
            if (at[i]->text == entry.listen() && configs[i].upstream == entry.upstream() &&
                entry.speaks(configs[i]) && configs[i].brokers == entry.brokers()) {
                done.proxies.push_back(entry.info());
                continue;
            }
            proxies_.erase(found);
        }
        auto made = make(configs[i], std::move(toxics[i]), at[i]);
        if (!made) {
            done.failure = made.error();
            return done;
        }
        done.proxies.push_back(*std::move(made));
    }
    return done;
}

result<void> engine::impl::reset()
{
    std::map<std::string, result<listen_address>> at;
    for (auto const& info : each([](proxy_entry& p) { return p.info(); }))
        if (!info.enabled)
            at.emplace(info.listen, resolve_listen(info.listen));

    result<void> outcome;
    std::lock_guard const hold(lock_);
    for (auto const& [name, entry] : proxies_) {
        if (!entry->enabled()) {
            auto const known = at.find(entry->listen());
            auto const started =
                entry->start(known != at.end() ? known->second : resolve_listen(entry->listen()));
            if (!started && outcome)
                outcome = started.error();
        }
        entry->remove_all();
    }
    leases_.clear();
    events_.note(record_kind::control, {}, {}, "reset");
    return outcome;
}

result<void> engine::impl::remove(std::string_view name)
{
    std::lock_guard const hold(lock_);
    auto const found = proxies_.find(name);
    if (found == proxies_.end())
        return no_proxy();
    proxies_.erase(found);
    return {};
}

}  // namespace aconite
