#pragma once

#include <aconite/stats.hpp>

#include <string>

namespace aconite::api {

/// The reference's two series of byte counters in Prometheus' text format, live, and behind them
/// what the reference does not tell: `aconite_*`.
std::string engine_text(engine_stats const& stats);

/// The `process_*` series of this process. What the system does not tell is left out.
std::string process_text();

}  // namespace aconite::api
