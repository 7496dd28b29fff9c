#pragma once

#include <aconite/config.hpp>
#include <aconite/stream.hpp>
#include <aconite/time.hpp>
#include <aconite/toxic.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

/// What a record of the journal tells of.
enum class record_kind : std::uint8_t {
    open,         ///< a connection was accepted and its upstream dialled
    dial_failed,  ///< it was accepted, but there was no upstream, or no way to serve it
    close,        ///< a connection ended
    hit,          ///< a toxic changed what a receiver sees, or when
    cut,          ///< a toxic ended a connection, without a hit in the same moment
    control,      ///< proxies, toxics or leases were changed
    mark,         ///< a text that a test put in
    /// A connection's protocol cannot be followed, from there on it passes untouched.
    not_followed,
    unknown,  ///< something in a connection is not known, and passed untouched
    bypass,   ///< a client was told of a way around the proxy
};
inline constexpr std::size_t record_kind_count = 10;  ///< so many kinds there are

/// "open", "dial_failed", "close", "hit", "cut", "control", "mark", "not_followed", "unknown",
/// "bypass".
std::string_view to_text(record_kind kind);
/// Nothing if no kind is called so.
std::optional<record_kind> record_kind_from(std::string_view text);

/// Who ended a connection.
enum class ended_by : std::uint8_t {
    client,
    upstream,
    toxic,
    proxy,  ///< it was disabled, moved or removed, or the connection could not be served
};

/// "client", "upstream", "toxic", "proxy".
std::string_view to_text(ended_by who);

/// So many bytes of names and facts an operation has in the journal at most.
inline constexpr std::size_t operation_text_max = 352;

/// One thing that happened. A plain value; which members mean something depends on the kind.
struct journal_record {
    std::uint64_t seq = 0;  ///< from 1, one more for each record of the engine
    time_point at{};        ///< when, by the engine's monotonic clock
    std::chrono::system_clock::time_point wall{};  ///< when, by the wall clock
    record_kind kind = record_kind::control;       ///< what it tells of
    std::string proxy;                             ///< empty: none in particular
    std::string toxic;                             ///< empty: none

    // Of a connection: open, dial_failed, close, hit, cut.
    std::uint64_t connection = 0;  ///< its id; 0 for one that was turned away at the door
    std::uint64_t ordinal = 0;     ///< the n-th of its proxy, from 0
    std::string client;            ///< open, dial_failed
    duration took{};               ///< open: the dial; close: since the accept

    // close, hit, cut
    std::optional<ending> end;      ///< how the connection ended, or the toxic ends it
    ended_by by = ended_by::proxy;  ///< close: who ended it
    std::uint64_t received_bytes[stream_count] = {};  ///< close

    // hit
    stream direction = stream::downstream;  ///< `both`: of the connection as a whole
    std::uint64_t hits = 0;                 ///< so many in the same moment
    std::uint64_t offset = 0;               ///< of the first byte that was at hand
    std::uint64_t bytes = 0;                ///< that were at hand
    /// The longest delay that was added; `duration::max()`: held for as long as the toxic is there.
    duration delay{};

    /// control: what was done; mark: what was said; dial_failed: the error; hit: what matched;
    /// close: why, where `by` does not tell; not_followed: why; unknown: what; bypass:
    /// where it leads; hit of an operation: how the fault
    /// was made, where the toxic does not tell.
    std::string text;
    /// hit: the operation that was acted on, by the names of its protocol's match row; cut to
    /// `operation_text_max` bytes. Empty: a hit of bytes.
    std::vector<std::pair<std::string, std::string>> operation;
    /// control: the toxic as it is from then on, with the seed that its decisions have.
    std::optional<toxic_info> config;
};

/// Which records to read.
struct journal_query {
    std::uint64_t since = 0;     ///< those with a greater `seq`
    std::string proxy{};         ///< of this one; empty: of all
    std::string toxic{};         ///< of this one; empty: of all
    std::uint16_t kinds = 0;     ///< bits by `1 << record_kind`; 0: all
    std::size_t limit = 10'000;  ///< so many at most
    bool newest = false;         ///< the last `limit` of them in place of the first
};

/// A part of the journal.
struct journal_page {
    std::vector<journal_record> records;  ///< in order of `seq`
    std::uint64_t next = 0;               ///< the `since` that goes on from here
    std::uint64_t missed = 0;  ///< how many of those asked about were overwritten already
};

}  // namespace aconite
