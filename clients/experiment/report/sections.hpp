#pragma once

#include "clients/experiment/report/document.hpp"

#include <vector>

/// The parts of a report, of any JSON each; empty ones are left out by who calls.
namespace aconite::experiment {

[[nodiscard]] section about_section(json const& report);
[[nodiscard]] section results_section(json const& report);
[[nodiscard]] section codes_section(json const& report);
[[nodiscard]] section timeline_section(json const& report);
[[nodiscard]] section faults_section(json const& report);
/// One for each load.
[[nodiscard]] std::vector<section> load_sections(json const& report);
[[nodiscard]] section recovery_section(json const& report);
[[nodiscard]] section probes_section(json const& report);
[[nodiscard]] section repeats_section(json const& report);
[[nodiscard]] section again_section(json const& report);
[[nodiscard]] section log_section(json const& report);

}  // namespace aconite::experiment
