#pragma once

#include <aconite/problem.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

/// Numbers as people type them: all of the text or none of it, and never out of their range.
namespace aconite::cli {

/// Between which bounds a number is asked for.
struct number_range {
    std::int64_t minimum = 0;
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
};

/// So long at most is waited for conditions.
inline constexpr std::int64_t wait_ms_max = 3'600'000;

/// A whole number in digits, maybe behind a sign. The problem goes behind the name of what was
/// asked for: `must be a whole number from 1 to 9, not 'x'`.
result<std::int64_t> read_whole(number_range const& wanted, std::string_view text);

/// A time, with its unit (`500ms`, `1.5s`, `2m`, `1h`) or as a number of ms; the range is in ms. A
/// problem, as above, if it is none, or is no whole number of ms.
result<std::int64_t> read_time_ms(number_range const& wanted, std::string_view text);

/// A time as above in units of `one`, which is what a number without a unit is of; none if `text`
/// is no time or no whole number of them.
std::optional<std::int64_t> time_in(std::chrono::microseconds one, std::string_view text);

/// A decimal number, `1e3` and `.5` too, that is finite.
std::optional<double> read_decimal(std::string_view text);

/// A whole number that fits, or none.
std::optional<std::int64_t> read_integer(std::string_view text);

}  // namespace aconite::cli
