#pragma once

#include "clients/experiment/file/experiment.hpp"
#include "clients/experiment/run/progress.hpp"
#include "clients/experiment/run/undo_log.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace aconite::experiment {

/// What a proxy had let through at one time.
struct proxy_traffic {
    std::uint64_t connections = 0;
    std::uint64_t bytes = 0;
    std::uint64_t bypasses = 0;  ///< clients that were told of a way around it, as by Kafka
};

/// The aconite (or Toxiproxy) servers of a run: their leases, which it renews, the proxies that
/// it made there, their journals.
class servers {
public:
    /// From now on `where` knows how long to wait for each. `on_gone` is called when one is gone,
    /// by another thread.
    servers(surroundings& where, progress& told, std::function<void()> on_gone);
    ~servers();
    servers(servers const&) = delete;
    servers& operator=(servers const&) = delete;

    /// Asks each for its version, opens a lease where there are such, and makes the proxies that
    /// are missing.
    result<void> begin(json const& proxies, undo_log& undo, std::string const& run);
    /// Ends the leases, and with them all toxics that are tied to them.
    void end();
    /// Records since the begin, as NDJSON.
    [[nodiscard]] std::string journal() const;
    [[nodiscard]] result<proxy_traffic> traffic(target const& of) const;
    [[nodiscard]] json describe() const;
    /// Those that have ended a lease before its time, and with it what was tied to it: they were
    /// started anew, or silent for too long. Any thread.
    [[nodiscard]] std::vector<std::string> lost() const;
    /// Those that are gone, and why it seems so: they refuse connections, or have not answered for
    /// as long as a lease runs. Any thread.
    [[nodiscard]] std::map<std::string, std::string> gone() const;
    /// Asks all once more, for 2 s each: who does not answer now is gone.
    void look_for_gone();
    void mark(std::string const& text) const;

private:
    /// How long one lives on without a beat.
    static constexpr std::chrono::seconds lease_ttl{10};
    struct kept {
        std::string version{};
        std::string lease{};
        std::uint64_t since = 0;  ///< of its journal
        bool silent = false;      ///< it did not answer the last beat
        int refusals = 0;         ///< beats in a row that were answered by no process
        time_point answered{};    ///< last
        bool lost = false;        ///< the lease is gone
        std::string gone{};       ///< why it seems gone; empty: it does not
    };

    result<void> make_proxies(json const& proxies, undo_log& undo, std::string const& run);
    [[nodiscard]] client::server_config in_haste(client::server_config config) const;
    void renew();
    void renew_one(std::string const& name, kept& here);
    void note_silence(std::string const& url, kept& here, problem const& why, duration took);
    void is_gone(std::string const& url, kept& here, std::string const& why);

    surroundings& where_;
    progress& told_;
    std::function<void()> on_gone_;
    std::map<std::string, kept> known_;
    mutable std::mutex mutex_;
    std::condition_variable ends_;
    bool over_ = false;
    std::thread heart_;
};

}  // namespace aconite::experiment
