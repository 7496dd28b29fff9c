#pragma once

#include <aconite/config.hpp>
#include <aconite/stream.hpp>
#include <aconite/time.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aconite {

/// How long things took, counted by upper bound.
struct duration_histogram {
    /// Upper bounds, the bound itself included.
    static constexpr std::array<duration, 9> bounds = {
        std::chrono::microseconds(100), std::chrono::milliseconds(1),
        std::chrono::milliseconds(5),   std::chrono::milliseconds(20),
        std::chrono::milliseconds(100), std::chrono::milliseconds(500),
        std::chrono::seconds(2),        std::chrono::seconds(10),
        std::chrono::seconds(60)};

    /// Above the bound before and up to this one; the last one has no bound.
    std::array<std::uint64_t, bounds.size() + 1> counts{};
    duration sum{};  ///< of all that was counted

    /// Sum of the counts.
    [[nodiscard]] std::uint64_t count() const;
    /// Adds what `other` counted.
    duration_histogram& operator+=(duration_histogram const& other);
};

/// What one toxic has done, on all connections, since it was added.
struct toxic_stats {
    std::string name;                       ///< unique in its proxy
    std::string type;                       ///< of the engine's registry
    stream direction = stream::downstream;  ///< what it acts on
    bool removed = false;                   ///< it is there no more
    std::uint64_t hits = 0;                 ///< how often it changed what a receiver sees
    std::uint64_t connections = 0;          ///< on how many
    std::uint64_t bytes = 0;                ///< that were at hand when it did
    std::optional<std::chrono::system_clock::time_point> first_hit;  ///< none yet: empty
    std::optional<std::chrono::system_clock::time_point> last_hit;   ///< none yet: empty
    /// Of each piece of data that left it later than it came.
    duration_histogram added_delay;
};

/// Bytes of one direction of one proxy since it was created; live, never going down.
struct stream_traffic {
    std::uint64_t received_bytes = 0;  ///< read by the proxy
    std::uint64_t sent_bytes = 0;      ///< written by the proxy
};

/// What went through one proxy since it was created.
struct proxy_stats {
    std::string name;                     ///< unique in its engine
    std::string listen;                   ///< as in `proxy_info`
    std::string upstream;                 ///< as in `proxy_info`
    bool enabled = false;                 ///< it listens
    std::uint64_t connections_open = 0;   ///< now, those that dial included
    std::uint64_t connections_total = 0;  ///< accepted, those turned away included
    std::uint64_t refused = 0;            ///< accepted and reset at once, by a toxic
    std::uint64_t dial_errors = 0;        ///< there was no upstream, or no way to serve the client
    /// Connections whose protocol could not be followed to their end, those before it included.
    std::uint64_t not_followed = 0;
    /// How often something that the protocol's code does not know passed untouched.
    std::uint64_t unknown = 0;
    /// How often clients were told of a way around the proxy.
    std::uint64_t bypass = 0;
    /// How often they were told of the proxy in place of a broker.
    std::uint64_t rewritten = 0;
    std::vector<broker_info> brokers;      ///< that they were told of, as in `proxy_info`
    duration_histogram dials;              ///< those that succeeded
    stream_traffic streams[stream_count];  ///< by stream
    /// Those that are there, in order of creation, then the last 100 that were removed.
    std::vector<toxic_stats> toxics;

    /// Sums over the toxics.
    [[nodiscard]] std::uint64_t hits() const;
};

/// How the engine itself is.
struct engine_stats {
    std::uint64_t held_bytes = 0;       ///< in toxics, with what keeping them costs
    std::uint64_t journal_records = 0;  ///< written so far
    std::uint64_t journal_dropped = 0;  ///< of those, overwritten
    duration_histogram loop_rounds;     ///< how long ready sockets may wait for each other
    std::vector<proxy_stats> proxies;   ///< by name
};

}  // namespace aconite
