#pragma once

#include <aconite/journal.hpp>
#include <aconite/stats.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

/// Journal and counters as a client sees them. Reading ignores members that it does not know and
/// throws nlohmann::json::exception if one is missing or of the wrong kind.
namespace aconite::client::codec {

/// A time as RFC 3339 writes it in UTC, to the microsecond: `2026-01-31T12:00:00.123456Z`.
std::chrono::system_clock::time_point to_time(std::string const& text);
/// A record of a kind that this client knows.
journal_record to_record(nlohmann::json const& object);
/// Of its histograms the sum and the number, all in the last bucket.
proxy_stats to_stats(nlohmann::json const& object);

}  // namespace aconite::client::codec
