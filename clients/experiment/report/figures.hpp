#pragma once

#include <optional>
#include <string>

/// Numbers for people. Any thread.
namespace aconite::experiment {

/// `12345`, `0.1235`, `-3`: whole numbers in full up to 15 digits, others with 4 digits.
[[nodiscard]] std::string figure(double number);
/// The same, `-` if there is none.
[[nodiscard]] std::string figure(std::optional<double> number);
/// `12.3 s`, `-1.5 s`, `2 min 5 s`, `-` if there is none.
[[nodiscard]] std::string seconds_figure(std::optional<double> seconds);
/// The same to a tenth of a second: of the time at which something was.
[[nodiscard]] std::string moment_figure(std::optional<double> seconds);
/// Of milliseconds: `12.3 ms`, `1.2 s`.
[[nodiscard]] std::string milliseconds_figure(std::optional<double> milliseconds);
/// Of a share: 0.012 is `1.2 %`.
[[nodiscard]] std::string share_figure(std::optional<double> share);
/// Of a relative change: 0.5 is `+50 %`.
[[nodiscard]] std::string change_figure(double change);
/// `1 check`, `3 checks`.
[[nodiscard]] std::string counted(std::size_t count, char const* one, char const* many);

}  // namespace aconite::experiment
