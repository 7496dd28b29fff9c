#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>
#include <string_view>

namespace aconite::experiment {

/// What a summary says of one experiment: `{"name","verdict","checks","passed","failed",
/// "duration_s","codes","report"}`. `where` is the report's folder. Of any JSON.
[[nodiscard]] json summary_row(json const& report, std::string_view where);
/// Of several, a list of rows: `{"schema","verdict","experiments": N,"held","not_held",
/// "inconclusive","could_not_run","duration_s","rows"}`. The verdict is the worst of all.
[[nodiscard]] json summary_of(json const& rows);
/// The same as a table in Markdown, for a terminal with columns that line up.
[[nodiscard]] std::string summary_markdown(json const& summary);
[[nodiscard]] std::string summary_text(json const& summary);

}  // namespace aconite::experiment
