// A new configuration, put in force by what differs from the old one.
#include "proxy/engine/engine_impl.hpp"
#include "proxy/engine/proxy_check.hpp"

#include <optional>
#include <set>
#include <utility>

namespace aconite {
namespace {

/// A proxy as it shall be, and whether that differs from what it is.
struct wanted_proxy {
    proxy_config config;
    std::vector<toxic_entry> toxics;
    result<listen_address> at;
    /// If `at` is where it is already, and any port will do.
    std::optional<listen_address> otherwise{};
    bool differs = false;
};

/// Whether a proxy that listens on `here`, the address of a socket, is where it shall be. Port 0
/// is any port.
bool listens_at(std::string_view here, listen_address const& wanted)
{
    auto const is = split_host_port(here);
    auto const shall_be = split_host_port(wanted.where.text());
    if (!is || !shall_be)
        return false;
    bool const same_host =
        wanted.wildcard ? is->host == "::" || is->host == "0.0.0.0" : is->host == shall_be->host;
    return same_host && (shall_be->port == "0" || shall_be->port == is->port);
}

/// What has to end for the new configuration ends. False if the proxy has to be made anew.
bool make_way(proxy_entry& entry, wanted_proxy& wanted)
{
    auto& [config, toxics, at, otherwise, differs] = wanted;
    if (config.listen != entry.listen() && at && listens_at(entry.listen(), *at)) {
        if (at->where.ip().port == 0)
            otherwise = *at;
        config.listen = entry.listen();
        at = resolve_listen(config.listen);  // an address in digits: nobody is asked
    }
    // Its toxics go with the protocol.
    bool const same_protocol = entry.speaks(config);
    bool const moves = config.listen != entry.listen() || config.upstream != entry.upstream() ||
                       config.brokers != entry.brokers();
    differs = moves || !same_protocol || config.enabled != entry.enabled() ||
              config.label != entry.label() || config.seed != entry.seed();
    if (config.seed != entry.seed() || !same_protocol)
        return false;
    if (moves || !config.enabled)
        entry.stop();
    if (moves)
        entry.move(config.listen, config.upstream, entry.spoken(), config.brokers);
    return true;
}

}  // namespace

result<reconfigure_result> engine::impl::reconfigure(std::vector<proxy_config> configs,
                                                     bool keep_toxics)
{
    auto toxics = check_configuration(config_.toxics, configs);
    if (!toxics)
        return toxics.error();
    std::vector<wanted_proxy> all;
    std::set<std::string, std::less<>> names;
    for (std::size_t i = 0; i < configs.size(); ++i) {
        auto at = resolve_listen(configs[i].listen);
        if (configs[i].enabled && !at)
            return at_proxy({400, "'listen': " + at.error().text}, i);
        names.insert(configs[i].name);
        all.push_back({std::move(configs[i]), std::move((*toxics)[i]), std::move(at)});
    }

    std::lock_guard const hold(lock_);
    for (std::size_t i = 0; i < all.size(); ++i)
        if (auto const tied = check_leases(all[i].toxics); !tied)
            return at_proxy(tied.error(), i);

    reconfigure_result done;
    std::erase_if(proxies_, [&](auto const& each) {
        if (names.contains(each.first))
            return false;
        done.removed.push_back(each.first);
        return true;
    });
    // Every port is given up before one is taken: proxies may change theirs with each other.
    for (auto& each : all) {
        auto const found = proxies_.find(each.config.name);
        if (found != proxies_.end() && !make_way(*found->second, each))
            proxies_.erase(found);
    }
    for (auto& [config, its_toxics, at, otherwise, differs] : all) {
        auto const found = proxies_.find(config.name);
        if (found == proxies_.end()) {
            if (auto const made = make(config, std::move(its_toxics), at); !made)
                done.failed.emplace_back(config.name, made.error());
            else
                (differs ? done.updated : done.created).push_back(config.name);
            continue;
        }
        auto& entry = *found->second;
        if (config.label != entry.label())
            entry.set_label(config.label);
        differs |= !keep_toxics && entry.set_toxics(std::move(its_toxics));
        auto const starts = config.enabled && !entry.enabled();
        auto started = starts ? entry.start(at) : result<void>();
        if (!started && otherwise)
            started = entry.start(*otherwise);
        if (!started)
            done.failed.emplace_back(config.name, started.error());
        else
            (differs ? done.updated : done.unchanged).push_back(config.name);
    }
    return done;
}

}  // namespace aconite
