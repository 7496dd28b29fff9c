#pragma once

#include <aconite/config.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aconite::api {

/// The reference's two series of byte counters in Prometheus' text format, live.
std::string traffic_text(std::vector<proxy_traffic> const& traffic);

/// The `process_*` series of this process. What the system does not tell is left out.
std::string process_text();

/// `text` as a gzip file (RFC 1952). Throws std::runtime_error if memory is short.
std::string gzipped(std::string_view text);

}  // namespace aconite::api
