#pragma once

#include <aconite/config.hpp>
#include <aconite/journal.hpp>
#include <aconite/problem.hpp>
#include <aconite/stats.hpp>

#include <string_view>
#include <vector>

namespace aconite {

/// A place that has proxies: an `engine` in this process or a `client::server` elsewhere. What
/// `scoped_proxy`, `scoped_toxic` and `testing::test_bed` do, they do through this. Each call may
/// come from any thread, several at once, and returns when what it asked for is in force on every
/// live connection. A failed call has changed nothing unless it says otherwise.
class control {
public:
    virtual ~control() = default;

    /// 404 `proxy not found`.
    [[nodiscard]] virtual result<proxy_info> proxy(std::string_view name) const = 0;
    /// 400 for a missing name or upstream or a bad toxic, 409 `proxy already exists`,
    /// 500 with the reason if it cannot listen.
    virtual result<proxy_info> create(proxy_config config) = 0;
    /// Restarts the proxy only if listen (resolved) or upstream changed. 404, 400 for an empty
    /// upstream, 500 if it cannot listen: then the new values stay and the proxy is disabled.
    virtual result<proxy_info> update(std::string_view name, proxy_patch const& patch) = 0;
    /// 404 `proxy not found`. The port is free when the call returns.
    virtual result<void> remove(std::string_view name) = 0;
    /// Starts every proxy, removes all toxics and ends all leases. Goes on past a proxy that cannot
    /// listen; the first such problem is returned.
    virtual result<void> reset() = 0;

    /// In the order of `proxy_info::toxics`. 404 `proxy not found`.
    [[nodiscard]] virtual result<std::vector<toxic_info>> toxics(std::string_view proxy) const = 0;
    /// 404 `proxy not found` or `toxic not found`.
    [[nodiscard]] virtual result<toxic_info> toxic(std::string_view proxy,
                                                   std::string_view name) const = 0;
    /// 404, 400 `invalid toxic type`, 409 `toxic already exists`, 400 for an attribute, for what
    /// aims it, or for a lease that is not there.
    virtual result<toxic_info> add_toxic(std::string_view proxy, toxic_config config) = 0;
    /// 404, 400 for an attribute.
    virtual result<toxic_info> update_toxic(std::string_view proxy, std::string_view name,
                                            toxic_patch const& patch) = 0;
    /// What it holds leaves at once, in order. 404.
    virtual result<void> remove_toxic(std::string_view proxy, std::string_view name) = 0;

    /// What went through a proxy, and what its toxics did. 404 `proxy not found`.
    [[nodiscard]] virtual result<proxy_stats> stats(std::string_view proxy) const = 0;
    /// What happened, as far as it was not overwritten.
    [[nodiscard]] virtual result<journal_page> read_journal(journal_query const& wanted) const = 0;
    /// Puts `text` into the journal, so that a test can be found there: 1 to 1,000 bytes, else 400.
    virtual result<void> mark(std::string_view text) = 0;

protected:
    control() = default;
    control(control const&) = default;             ///< for those that are values
    control& operator=(control const&) = default;  ///< for those that are values
};

}  // namespace aconite
