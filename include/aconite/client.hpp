#pragma once

#include <aconite/config.hpp>
#include <aconite/control.hpp>
#include <aconite/problem.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::client {

struct http_answer;

/// Where a server is and how long to wait for it.
struct server_config {
    /// `http://host:port`, `https://host:port` or `host:port`.
    std::string url = "http://localhost:8474";
    /// What the server's log and its browser check see.
    std::string user_agent = "aconite-client";
    /// For the connection to stand, over all addresses of the host.
    std::chrono::milliseconds connect_timeout{5'000};
    /// From the request to the answer's last byte.
    std::chrono::milliseconds answer_timeout{30'000};
    /// Whether an https server has to show a certificate for its host by an authority that the
    /// system trusts, or SSL_CERT_FILE names.
    bool verify_certificate = true;
    /// Told of what the server warns of in an answer, such as members of a request that it ignored;
    /// by the thread that asks. Empty: nobody.
    std::function<void(std::string_view warning)> on_warning{};
};

/// A part of the journal.
struct journal_text {
    std::string lines;         ///< NDJSON, in order
    std::uint64_t next = 0;    ///< the `since` that goes on from here
    std::uint64_t missed = 0;  ///< records that were overwritten before they were asked for
};

/// A running aconite or Toxiproxy server, spoken to over its REST API. Every call asks once,
/// over a connection of its own, and waits for the answer, no longer than its configuration says.
/// A value without connection state: copy it freely, any thread. A refused call carries the
/// server's status and text; status 0 means that there was no usable answer, and the text says why.
/// 404 is what a Toxiproxy says to what only aconite has: statistics, journal, marks, leases.
class server final : public control {
public:
    /// Asks nothing yet.
    explicit server(server_config config = {});

    /// The Toxiproxy version that the server is compatible with.
    [[nodiscard]] result<std::string> version() const;
    /// Prometheus text; 404 unless the server was started with metrics.
    [[nodiscard]] result<std::string> metrics() const;

    /// Every proxy, by name.
    [[nodiscard]] result<std::vector<proxy_info>> proxies() const;
    [[nodiscard]] result<proxy_info> proxy(std::string_view name) const override;
    result<proxy_info> create(proxy_config config) override;
    result<proxy_info> update(std::string_view name, proxy_patch const& patch) override;
    result<void> remove(std::string_view name) override;
    /// The proxies asked for, in that order, as they run now.
    result<std::vector<proxy_info>> populate(std::vector<proxy_config> const& configs);
    result<void> reset() override;

    [[nodiscard]] result<std::vector<toxic_info>> toxics(std::string_view proxy) const override;
    [[nodiscard]] result<toxic_info> toxic(std::string_view proxy,
                                           std::string_view name) const override;
    result<toxic_info> add_toxic(std::string_view proxy, toxic_config config) override;
    result<toxic_info> update_toxic(std::string_view proxy, std::string_view name,
                                    toxic_patch const& patch) override;
    result<void> remove_toxic(std::string_view proxy, std::string_view name) override;

    /// A lease to tie toxics to by its id; it ends, and they go, `ttl_ms` (1 to `time_ms_max`)
    /// after it was renewed last.
    result<lease_info> open_lease(std::int64_t ttl_ms);
    /// Its time begins anew: the heart-beat. 404 `lease not found` if it has ended.
    result<lease_info> renew_lease(std::string_view id);
    /// Ends it, and the toxics that are tied to it.
    result<void> end_lease(std::string_view id);
    /// Those that run, by id.
    [[nodiscard]] result<std::vector<lease_info>> leases() const;

    /// Of its histograms the sum and the number are known; all is counted in the last bucket.
    [[nodiscard]] result<proxy_stats> stats(std::string_view proxy) const override;
    /// 400 for a limit over 10,000.
    [[nodiscard]] result<journal_page> read_journal(journal_query const& wanted) const override;
    result<void> mark(std::string_view text) override;

    /// Records of the journal by `query`, as /journal takes it: `since=5&kind=hit`.
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
