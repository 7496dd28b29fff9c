#pragma once

#include <aconite/stats.hpp>

#include <string>
#include <string_view>

namespace aconite::api {

/// The reference's two series of byte counters in Prometheus' text format, live, and behind them
/// what the reference does not tell: `aconite_*`.
std::string engine_text(engine_stats const& stats);

/// The `process_*` series of this process. What the system does not tell is left out.
std::string process_text();

/// `text` as a gzip file (RFC 1952). Throws std::runtime_error if memory is short.
std::string gzipped(std::string_view text);

}  // namespace aconite::api
