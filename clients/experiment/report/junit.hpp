#pragma once

#include "clients/experiment/report/reading.hpp"

#include <span>
#include <string>

namespace aconite::experiment {

/// JUnit XML as Jenkins, GitLab and others read it: a suite for each report, a case for each check.
/// A check that failed is a failure; what the run left open is skipped; why it proved nothing or
/// could not run is a case of its own with an error, so that a build does not take it for a
/// success. Of any JSON. Any thread.
[[nodiscard]] std::string junit_of(std::span<json const> reports);
[[nodiscard]] std::string junit_of(json const& report);

}  // namespace aconite::experiment
