#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aconite::experiment {

/// Identities, such as the ids of rows or the keys of messages, in the order they were seen.
using id_list = std::vector<std::string>;

/// What a probe saw or what an expression comes to. A truth is 1 or 0, a time is in seconds.
using value = std::variant<double, std::string, id_list>;

/// As a number: itself, a text that is one in full, the length of a list.
[[nodiscard]] std::optional<double> as_number(value const& from);
/// Not 0, not "", not "false", not an empty list.
[[nodiscard]] bool is_true(value const& from);
/// For people, on one line: `12`, `healthy`, `3 ids: a, b, c`.
[[nodiscard]] std::string to_text(value const& from);

}  // namespace aconite::experiment
