#include "clients/experiment/report/figures.hpp"

#include "clients/experiment/values/units.hpp"

#include <fmt/format.h>

#include <cmath>

namespace aconite::experiment {
namespace {

constexpr double whole_max = 1e15;
constexpr double seconds_max = 9e9;  // what nanoseconds can hold

}  // namespace

std::string figure(double number)
{
    if (number == std::floor(number) && std::abs(number) < whole_max)
        return fmt::format("{:.0f}", number + 0.0);  // not -0
    return fmt::format("{:.4g}", number);
}

std::string figure(std::optional<double> number)
{
    return number ? figure(*number) : "-";
}

std::string seconds_figure(std::optional<double> seconds)
{
    if (!seconds)
        return "-";
    if (std::abs(*seconds) > seconds_max)
        return figure(*seconds) + " s";
    // What is less than a millisecond is noise in the time of a run.
    auto const whole = std::round(std::abs(*seconds) * 1e3);
    auto const time = nanoseconds(static_cast<std::int64_t>(whole) * 1'000'000);
    return (*seconds < 0 && whole > 0 ? "-" : "") + to_text(time);
}

std::string moment_figure(std::optional<double> seconds)
{
    return seconds_figure(seconds ? std::optional(std::round(*seconds * 10) / 10) : seconds);
}

std::string milliseconds_figure(std::optional<double> milliseconds)
{
    if (!milliseconds)
        return "-";
    if (std::abs(*milliseconds) >= 1e3)
        return fmt::format("{:.3g} s", *milliseconds / 1e3);
    return fmt::format("{:.3g} ms", *milliseconds);
}

std::string share_figure(std::optional<double> share)
{
    return share ? fmt::format("{:.3g} %", *share * 100) : "-";
}

std::string change_figure(double change)
{
    return std::isfinite(change) ? fmt::format("{:+.3g} %", change * 100) : "new";
}

std::string counted(std::size_t count, char const* one, char const* many)
{
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace aconite::experiment
