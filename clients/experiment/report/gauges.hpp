#pragma once

#include "clients/experiment/report/reading.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace aconite::experiment {

/// A number of a report at a time, for whoever collects numbers.
struct gauge_point {
    double at = 0;  ///< seconds from the begin of the first phase
    double value = 0;
    std::vector<std::pair<std::string, std::string>> labels{};
};

/// One metric. Units are those of OpenTelemetry: s, ms, 1.
struct gauge {
    std::string name;  ///< `aconite.experiment.load.rate`
    std::string unit;
    std::string about;
    std::vector<gauge_point> points{};
};

/// All of a report, of any JSON: each has a point or more. `series`: also what lies behind one
/// another in time, else only one point for each set of labels.
[[nodiscard]] std::vector<gauge> gauges_of(json const& report, bool series);

/// Nanoseconds since 1970 of RFC 3339 in UTC; none if it is no such thing.
[[nodiscard]] std::optional<std::int64_t> epoch_nanoseconds(std::string_view rfc3339);

}  // namespace aconite::experiment
