#pragma once

#include <aconite/attribute.hpp>
#include <aconite/problem.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::cli {

/// A value as it goes into a request: what reads as a number becomes one (100, 1e3 and 100.0
/// all become the integer 100), `true` and `false` become booleans, the rest stays text for the
/// server to judge.
nlohmann::json attribute_value(std::string_view text);

/// The toxicity, or nothing if `text` is no number from 0 to 1.
std::optional<float> read_toxicity(std::string_view text);

/// Reads `KEY=VALUE` items, several in one when separated by commas; the last of a key wins, and
/// a key `a.b` is the member b of the object a. What `row` has as a time may have a unit (`5s`),
/// and what it has as a number is one. Writes a JSON object into `into`. A problem that names the
/// item and what is wrong with it: it has no `=`, it is no number, or there is a comma in a number,
/// which is never half read. If `lenient`, an item without `=` is skipped otherwise, a dot is a
/// part of the key, and other values are left to the server.
result<void> read_attributes(std::vector<std::string> const& items, bool lenient,
                             std::span<attribute const> row, nlohmann::json& into);

/// The same, never lenient, for the members that `row` has: those of kind `text` stay text whatever
/// they look like, and a part without `=` behind one belongs to it (`client=10.0.0.0/8,::1`).
result<void> read_members(std::vector<std::string> const& items, std::span<attribute const> row,
                          nlohmann::json& into);

}  // namespace aconite::cli
