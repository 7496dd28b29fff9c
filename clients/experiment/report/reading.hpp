#pragma once

#include "api/json/json_text.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aconite::experiment {

using json = nlohmann::ordered_json;

// Looks into a report, which may be any JSON: it may have been written by another version or by
// hand. What is missing or of another type reads as nothing. Any thread.

/// Null if `of` is no object or has no such member.
[[nodiscard]] json const* member_of(json const& of, std::string_view name);
/// Empty if it is no text.
[[nodiscard]] std::string text_of(json const& of, std::string_view name);
/// None if it is no finite number.
[[nodiscard]] std::optional<double> number_of(json const& of, std::string_view name);
[[nodiscard]] std::optional<double> number_value(json const& value);
/// An empty list if it is no list. Valid as long as the report.
[[nodiscard]] json const& list_of(json const& of, std::string_view name);
/// An empty object if it is no object. Valid as long as the report.
[[nodiscard]] json const& object_of(json const& of, std::string_view name);

/// Any value for people, on one line: a text as it is, a number short, null as `-`.
[[nodiscard]] std::string shown(json const& value);
/// The same of a member; `-` if there is none.
[[nodiscard]] std::string shown(json const& of, std::string_view name);
/// `delay 100ms, loss 10%`.
[[nodiscard]] std::string settings_text(json const& settings);

}  // namespace aconite::experiment
