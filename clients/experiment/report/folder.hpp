#pragma once

#include "clients/experiment/report/reading.hpp"

#include <aconite/problem.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace aconite::experiment {

/// Lower-case letters, digits and single dashes, 60 at most: `lost-event`. Where letters are left
/// out, or nothing is left, it ends in eight digits that another name does not have.
[[nodiscard]] std::string slug_of(std::string_view name);
/// `lost-event-20261130T101514Z`. `started` is RFC 3339 in UTC; without one, or another text, the
/// slug alone.
[[nodiscard]] std::string folder_name(std::string_view name, std::string_view started);

/// Makes a folder that was not there, `parent` if need be, for a run that begins: what the run
/// writes as it goes (journal.ndjson) can stand in it from the start. If another run has the name,
/// it ends in `-2` and so on. A problem names the path.
result<std::filesystem::path> make_report_folder(std::filesystem::path const& parent,
                                                 std::string_view name, std::string_view started);

/// Writes report.md, report.html, junit.xml and, last, report.json, each whole or not at all: where
/// report.json is, the rest is too. Never writes over a report that is there.
result<void> write_report(std::filesystem::path const& folder, json const& report);

/// Writes one file whole or not at all, over the one that may be there: readers see the old or the
/// new one.
result<void> write_whole(std::filesystem::path const& file, std::string_view text);

/// Reads a report again, of a folder or a file. A problem names the file and what is wrong with it:
/// not there, too large (256 MB), no JSON (line and column), of another schema, without a name or a
/// verdict.
result<json> read_report(std::filesystem::path const& where);
/// The same of a text; `name` is what it is called in problems.
result<json> report_in(std::string_view text, std::string_view name);

/// `report` as it stands in report.json.
[[nodiscard]] std::string report_text(json const& report);

}  // namespace aconite::experiment
