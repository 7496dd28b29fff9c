#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Quantities as people write them in a file. All of the text is read, or none of it.
namespace aconite::experiment {

using nanoseconds = std::chrono::nanoseconds;

/// The units that the readers below know, for people.
inline constexpr std::string_view time_unit_names = "us, ms, s, m, h";
inline constexpr std::string_view byte_unit_names = "B, KB, MB, GB, KiB, MiB, GiB";
inline constexpr std::string_view rate_unit_names = "/s, /m, /h";

/// `500ms`, `1.5s`, `2m`, `1h`, `250us`; a number without a unit is in seconds. Not negative.
std::optional<nanoseconds> read_duration(std::string_view text);
/// `10%` or `0.1`, as 0.1.
std::optional<double> read_share(std::string_view text);
/// `64KB` (1,000 bytes each), `64KiB` (1,024), `256MB`, `1GiB`, `512`.
std::optional<double> read_bytes(std::string_view text);
/// `50/s`, `3000/m` or `50`, as events per second.
std::optional<double> read_rate(std::string_view text);

/// `1.5 s`, `250 ms`, `3 min 20 s`: short, for people.
std::string to_text(nanoseconds time);

}  // namespace aconite::experiment
