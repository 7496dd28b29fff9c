#pragma once

#include "tests/integration/edits/random_toxics.hpp"

#include <aconite/engine.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace aconite::testing {

/// A proxy that is edited, and how its connections are to be treated.
struct edited_proxy {
    std::string name;
    manners how;
    /// Texts of one and the same address. The proxy is moved between them and switched off and on,
    /// which closes its connections; none: neither is done.
    std::vector<std::string> upstreams{};
};

/// What edits came to. A plain value.
struct edit_counts {
    std::uint64_t made = 0;
    std::map<int, std::uint64_t> refused;  ///< by status
    std::chrono::nanoseconds slowest{};
};

/// Edits an engine at random from a thread of its own, at a steady rate.
class editor {
public:
    using clock = std::chrono::steady_clock;

    /// `rate`: edits per second; refused ones do not count. All it refers to outlives it.
    editor(engine& target, std::vector<edited_proxy> const& proxies, double rate,
           std::uint64_t seed);

    /// Has the thread end behind the edit that runs.
    void ask_to_stop() { thread_.request_stop(); }
    [[nodiscard]] bool stopped() const { return stopped_; }
    /// Call once it has stopped.
    [[nodiscard]] edit_counts const& counts() const { return counts_; }

    [[nodiscard]] std::uint64_t made() const { return made_; }
    /// For how long the edit has run that runs now.
    [[nodiscard]] clock::duration busy_for() const;

private:
    void run(std::stop_token const& stop, double rate);
    int edit();
    int edit_toxics(edited_proxy const& which);
    int edit_proxy(edited_proxy const& which);
    int edit_leases();

    engine& engine_;
    std::vector<edited_proxy> const& proxies_;
    random_toxics random_;
    std::vector<std::string> leases_;
    edit_counts counts_;
    std::atomic<std::uint64_t> made_{0};
    std::atomic<clock::time_point> began_{clock::time_point::max()};
    std::atomic<bool> stopped_{false};
    std::jthread thread_;
};

}  // namespace aconite::testing
