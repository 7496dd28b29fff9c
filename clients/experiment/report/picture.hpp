#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>

namespace aconite::experiment {

/// What happened, on one time axis: phases as bands, faults as bars, load, latency, probes, checks.
struct picture {
    std::string svg;  ///< to stand in HTML with report.css; empty if there is nothing to show
    json data;        ///< what report.js shows beside the pointer
};

/// Of any JSON. Any thread.
[[nodiscard]] picture picture_of(json const& report);

}  // namespace aconite::experiment
