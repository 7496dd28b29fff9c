#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>
#include <string_view>

namespace aconite::experiment {

/// A report as one HTML file that asks nobody for anything: what `markdown_of` has, and a picture.
/// It needs no JavaScript, is light or dark as the reader's system is, and can be printed. Of any
/// JSON; no text in it can become markup. Any thread.
[[nodiscard]] std::string html_of(json const& report);

/// Everything up to `<body>`, with report.css, for what looks the same.
[[nodiscard]] std::string html_head(std::string_view title);

}  // namespace aconite::experiment
