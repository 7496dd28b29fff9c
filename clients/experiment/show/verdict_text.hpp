#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>
#include <string_view>

namespace aconite::experiment {

/// What a run came to, for a terminal: the verdict in words, a table of the checks, where the
/// report is. Of any JSON.
[[nodiscard]] std::string verdict_text(json const& report, std::string_view folder);

}  // namespace aconite::experiment
