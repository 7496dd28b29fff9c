#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>

namespace aconite::experiment {

/// A report as Markdown (GitHub's, which has tables): the verdict in words, then the tables of it.
/// Of any JSON; no text in it can end the place where it stands. Any thread.
[[nodiscard]] std::string markdown_of(json const& report);

}  // namespace aconite::experiment
