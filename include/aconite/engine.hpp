#pragma once

#include <aconite/config.hpp>
#include <aconite/control.hpp>
#include <aconite/journal.hpp>
#include <aconite/log.hpp>
#include <aconite/problem.hpp>
#include <aconite/stats.hpp>
#include <aconite/toxic_type.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

/// What an engine is made of. A plain value.
struct engine_config {
    /// Threads that move data; 0: one for each processor that this process may use, at most 8; see
    /// default_threads.
    unsigned shards = 0;
    /// Key of every random decision; none: picked from the system's entropy.
    std::optional<std::uint64_t> seed{};
    /// How long a dial may take in all, over every address of the upstream.
    std::chrono::milliseconds dial_timeout{10'000};
    /// For how long either side of a connection may be silent before the kernel asks its host
    /// whether it is still there, and asks again; after some unanswered questions, nine unless the
    /// machine is set otherwise, the connection is reset. 0: never asks; at most 32,767 s.
    std::chrono::seconds keep_alive{15};
    /// For how long a connection that one side has ended may be idle before it is reset: a server
    /// that overlooks the end of its client would keep it for ever. It is the idle time and not
    /// the whole, because a long answer to a half-close is nothing wrong; nor is it idle while a
    /// toxic holds something or has something to do. 0: for ever.
    std::chrono::milliseconds half_closed_limit{300'000};
    /// Where to tell what happened.
    log_sink log{};
    /// What matters less is not worth telling: lines of every connection, which are `info`, are
    /// then not even made.
    log_level log_least = log_level::trace;
    /// How much of what happened is remembered, from 0 (nothing) to 16,777,216; 160 bytes each.
    std::size_t journal_records = 65'536;
    /// The kinds of toxics that can be asked for.
    toxic_registry toxics = toxic_registry::builtin();
};

/// The name that an engine gives such a toxic: the one asked for, or `<type>_<stream>`.
std::string name_of(toxic_config const& config, toxic_type const& type);

/// What an engine that knows `types` says to `config`, apart from names and leases: 400 naming the
/// field and the bound.
result<void> check(toxic_registry const& types, toxic_config const& config);

/// What an engine that knows `types` says to `configs` as the whole of its proxies, apart from
/// leases and from whether an address can be had: 400 naming the field and the entry. Two enabled
/// ones with the same port are asked for their addresses: that waits for a name server if one has
/// a name that this host does not know.
result<void> check(toxic_registry const& types, std::vector<proxy_config> const& configs);

/// What populate did: the proxies so far, in request order, and why it stopped, if it did.
struct populate_result {
    std::vector<proxy_info> proxies;  ///< in request order
    std::optional<problem> failure;   ///< why it stopped, if it did
};

/// What reconfigure did: every proxy is in one of the lists.
struct reconfigure_result {
    std::vector<std::string> created;    ///< were not there
    std::vector<std::string> updated;    ///< differed in something
    std::vector<std::string> removed;    ///< are there no more
    std::vector<std::string> unchanged;  ///< were as they should be
    /// Those that cannot listen, and why. One that was there is disabled now, a new one is not.
    std::vector<std::pair<std::string, problem>> failed;
};

/// Owns the data threads and every proxy. Several engines in one process never meet. Each call may
/// come from any thread, several at once, but not from within a toxic or the log sink, and takes
/// bounded time whatever the peers do (resolving a listen address by name is the one part that
/// waits for somebody else).
class engine final : public control {
public:
    /// Starts the threads. Throws std::system_error if the system has none to give.
    explicit engine(engine_config config = {});
    /// Closes every proxy and connection, joins the threads.
    ~engine() override;
    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;

    /// The key of every random decision that has no key of its own.
    [[nodiscard]] std::uint64_t seed() const;
    /// How many threads move data.
    [[nodiscard]] unsigned threads() const;
    /// The kinds of toxics that can be asked for.
    [[nodiscard]] toxic_registry const& toxic_types() const;

    /// Every proxy, by name.
    [[nodiscard]] std::vector<proxy_info> proxies() const;
    [[nodiscard]] result<proxy_info> proxy(std::string_view name) const override;
    result<proxy_info> create(proxy_config config) override;
    result<proxy_info> update(std::string_view name, proxy_patch const& patch) override;
    result<void> remove(std::string_view name) override;
    /// Creates what is missing, replaces what differs in listen or upstream, keeps the rest.
    /// Every entry is checked before the first is touched.
    populate_result populate(std::vector<proxy_config> configs);
    /// Makes `configs` the whole of the proxies, by difference and as one change. What is equal is
    /// not touched. A proxy is restarted only if its addresses differ or its seed, a port 0 being
    /// any port; a toxic is removed and added anew only if its type, stream, seed or lease differ.
    /// New toxics stand behind those that stay. Toxics of a lease that are not in `configs` stay,
    /// and so do all toxics if `keep_toxics`. A problem if nothing was touched: 400 naming the
    /// field and the entry. Goes on past a proxy that cannot listen.
    result<reconfigure_result> reconfigure(std::vector<proxy_config> configs,
                                           bool keep_toxics = false);
    result<void> reset() override;

    [[nodiscard]] result<std::vector<toxic_info>> toxics(std::string_view proxy) const override;
    [[nodiscard]] result<toxic_info> toxic(std::string_view proxy,
                                           std::string_view name) const override;
    result<toxic_info> add_toxic(std::string_view proxy, toxic_config config) override;
    result<toxic_info> update_toxic(std::string_view proxy, std::string_view name,
                                    toxic_patch const& patch) override;
    result<void> remove_toxic(std::string_view proxy, std::string_view name) override;

    /// A lease of `ttl_ms`, from 1 to `time_ms_max` (else 400), to tie toxics to by its id.
    result<lease_info> open_lease(std::int64_t ttl_ms);
    /// Its time begins anew: the heart-beat. 404 `lease not found` if it has ended.
    result<lease_info> renew_lease(std::string_view id);
    /// Ends it, and the toxics that are tied to it. 404.
    result<void> end_lease(std::string_view id);
    /// Those that run, by id.
    [[nodiscard]] std::vector<lease_info> leases() const;

    /// What every proxy and its toxics did so far.
    [[nodiscard]] engine_stats stats() const;
    [[nodiscard]] result<proxy_stats> stats(std::string_view proxy) const override;

    /// Never a problem.
    [[nodiscard]] result<journal_page> read_journal(journal_query const& wanted) const override;
    result<void> mark(std::string_view text) override;

    /// Every live connection, in order of age.
    [[nodiscard]] std::vector<connection_info> connections() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace aconite
