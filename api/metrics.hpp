#pragma once

#include <aconite/config.hpp>

#include <string>
#include <vector>

namespace aconite::api {

/// The reference's two series of byte counters in Prometheus' text format, live.
std::string traffic_text(std::vector<proxy_traffic> const& traffic);

/// The `process_*` series of this process. What the system does not tell is left out.
std::string process_text();

}  // namespace aconite::api
