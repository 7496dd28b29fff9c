#pragma once

#include "clients/experiment/file/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What stands in an undo record; it comes from a file that anybody may have written.
namespace aconite::experiment {

/// Empty if there is no such text.
[[nodiscard]] std::string record_text(json const& record, std::string_view name);
/// 0 if there is no such number, or it is none of 64 bits.
[[nodiscard]] std::int64_t record_whole(json const& record, std::string_view name);
[[nodiscard]] bool record_flag(json const& record, std::string_view name);
/// Those of a list that are texts.
[[nodiscard]] std::vector<std::string> record_words(json const& record, std::string_view name);

/// Ten hex digits that nobody else has: for the names of what has no identity of its own.
[[nodiscard]] std::string unique_mark();

}  // namespace aconite::experiment
