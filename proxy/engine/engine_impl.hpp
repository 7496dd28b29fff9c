#pragma once

#include "proxy/engine/agenda.hpp"
#include "proxy/engine/lease_book.hpp"
#include "proxy/engine/proxy_entry.hpp"

#include <aconite/engine.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace aconite {

/// The truth about an engine's proxies, toxics and leases, under one lock. Any thread.
class engine::impl {
public:
    /// Throws std::system_error.
    explicit impl(engine_config config);
    ~impl() { timetable_.stop(); }

    result<proxy_info> create(proxy_config config);
    result<proxy_info> update(std::string_view name, proxy_patch const& patch);
    populate_result populate(std::vector<proxy_config> configs);
    result<reconfigure_result> reconfigure(std::vector<proxy_config> configs, bool keep_toxics);
    result<void> reset();
    result<void> remove(std::string_view name);

    /// Calls `use` with the proxy under the lock; 404 if there is none.
    template <class F>
    auto with(std::string_view name, F use) -> decltype(use(std::declval<proxy_entry&>()))
    {
        std::lock_guard const hold(lock_);
        auto const found = proxies_.find(name);
        if (found == proxies_.end())
            return problem{404, "proxy not found"};
        return use(*found->second);
    }

    /// `describe` of every proxy, by name.
    template <class F>
    auto each(F describe)
    {
        std::lock_guard const hold(lock_);
        std::vector<decltype(describe(std::declval<proxy_entry&>()))> all;
        for (auto const& [name, entry] : proxies_)
            all.push_back(describe(*entry));
        return all;
    }

    /// Calls `use` with the leases under the lock.
    template <class F>
    auto with_leases(F use)
    {
        std::lock_guard const hold(lock_);
        return use(leases_);
    }

    /// 400 if one of them is tied to a lease that is not there. Under the lock.
    [[nodiscard]] result<void> check_leases(std::span<toxic_entry const> toxics) const;

    engine_config const config_;
    std::uint64_t const seed_;
    journal events_;
    shard_pool shards_;

private:
    result<proxy_info> make(proxy_config const& config, std::vector<toxic_entry> toxics,
                            result<listen_address> const& at);

    void end_lease(std::string_view id)
    {
        for (auto const& [name, entry] : proxies_)
            entry->end_lease(id);
        events_.note(record_kind::control, {}, {}, "lease " + std::string(id) + " ended");
    }

    std::mutex lock_;
    agenda timetable_{lock_};
    proxy_environment const around_;
    std::map<std::string, std::unique_ptr<proxy_entry>, std::less<>> proxies_;
    std::uint64_t next_id_ = 0;
    lease_book leases_{timetable_, [this](std::string_view id) { end_lease(id); }};
};

}  // namespace aconite
