#pragma once

#include <aconite/config.hpp>
#include <aconite/problem.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::client {

struct http_answer;

struct server_config {
    /// `http://host:port` or `host:port`.
    std::string url = "http://localhost:8474";
    std::string user_agent = "aconite-client";
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds answer_timeout{30'000};
};

/// A part of the journal.
struct journal_text {
    std::string lines;         ///< NDJSON, in order
    std::uint64_t next = 0;    ///< the `since` that goes on from here
    std::uint64_t missed = 0;  ///< records that were overwritten before they were asked for
};

/// A running aconite or Toxiproxy server, spoken to over its REST API. Every call asks once,
/// over a connection of its own, and waits for the answer. A value without connection state:
/// copy it freely, any thread. A refused call carries the server's status and text; status 0
/// means that there was no usable answer, and the text says why.
class server {
public:
    explicit server(server_config config = {});

    /// The Toxiproxy version that the server is compatible with.
    [[nodiscard]] result<std::string> version() const;
    /// Prometheus text; 404 unless the server was started with metrics.
    [[nodiscard]] result<std::string> metrics() const;

    /// Every proxy, by name.
    [[nodiscard]] result<std::vector<proxy_info>> proxies() const;
    [[nodiscard]] result<proxy_info> proxy(std::string_view name) const;
    result<proxy_info> create(proxy_config const& config) const;
    result<proxy_info> update(std::string_view name, proxy_patch const& patch) const;
    result<void> remove(std::string_view name) const;
    /// The proxies asked for, in that order, as they run now.
    result<std::vector<proxy_info>> populate(std::vector<proxy_config> const& configs) const;
    /// Starts every proxy, removes all toxics and ends all leases.
    result<void> reset() const;

    [[nodiscard]] result<std::vector<toxic_info>> toxics(std::string_view proxy) const;
    [[nodiscard]] result<toxic_info> toxic(std::string_view proxy, std::string_view name) const;
    result<toxic_info> add_toxic(std::string_view proxy, toxic_config const& config) const;
    result<toxic_info> update_toxic(std::string_view proxy, std::string_view name,
                                    toxic_patch const& patch) const;
    result<void> remove_toxic(std::string_view proxy, std::string_view name) const;

    /// A lease to tie toxics to by its id; it ends, and they go, `ttl_ms` (1 to `time_ms_max`)
    /// after it was renewed last. This and the next three: 404 from a server that is no aconite.
    result<lease_info> open_lease(std::int64_t ttl_ms) const;
    /// Its time begins anew: the heart-beat. 404 `lease not found` if it has ended.
    result<lease_info> renew_lease(std::string_view id) const;
    /// Ends it, and the toxics that are tied to it.
    result<void> end_lease(std::string_view id) const;
    /// Those that run, by id.
    [[nodiscard]] result<std::vector<lease_info>> leases() const;

    /// Records of the journal by `query`, as /journal takes it: `since=5&kind=hit`. 404 from a
    /// server that has none, and so for the next one.
    [[nodiscard]] result<journal_text> journal(std::string_view query) const;
    /// Tells `on_event` of each record as it comes, by its kind and JSON, and of lost ones as
    /// `missed`. Does not return before the server ends or refuses it; that is the problem.
    [[nodiscard]] problem follow_journal(
        std::string_view query,
        std::function<void(std::string_view event, std::string_view data)> const& on_event) const;

    /// Any request, for what has no call of its own: the body of a 2xx answer. `path` is
    /// escaped already (see `proxy_path`), `json` may be empty.
    result<std::string> request(std::string_view method, std::string_view path,
                                std::string_view json = {}) const;

private:
    [[nodiscard]] result<http_answer> fetch(std::string_view method, std::string_view path,
                                            std::string_view json) const;

    server_config config_;
};

/// `/proxies/NAME`, escaped.
std::string proxy_path(std::string_view proxy);
/// `/proxies/NAME/toxics/NAME`, escaped.
std::string toxic_path(std::string_view proxy, std::string_view toxic);

}  // namespace aconite::client
