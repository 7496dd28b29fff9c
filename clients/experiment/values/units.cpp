#include "clients/experiment/values/units.hpp"

#include "proxy/net/number.hpp"

#include <fmt/format.h>

#include <cmath>
#include <span>

namespace aconite::experiment {
namespace {

struct unit {
    std::string_view name;
    double size;
};

// A name that ends another one stands behind it.
constexpr unit time_units[] = {
    {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9},
};
constexpr unit byte_units[] = {
    {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {"KB", 1e3},    {"kB", 1e3},
    {"MB", 1e6},   {"GB", 1e9},      {"k", 1024},         {"m", 1048576}, {"g", 1073741824},
    {"B", 1},
};
constexpr unit rate_units[] = {
    {"/s", 1},
    {"/m", 1.0 / 60},
    {"/min", 1.0 / 60},
    {"/h", 1.0 / 3600},
};
constexpr double nanoseconds_max = 9.2e18;

std::optional<double> read_with(std::span<unit const> units, double without, std::string_view text)
{
    auto scale = without;
    for (auto const& each : units)
        if (text.ends_with(each.name)) {
            text.remove_suffix(each.name.size());
            scale = each.size;
            break;
        }
    while (text.ends_with(' '))
        text.remove_suffix(1);
    auto const number = number_in<double>(text);
    if (!number || !std::isfinite(*number) || *number < 0)
        return std::nullopt;
    return *number * scale;
}

}  // namespace

std::optional<nanoseconds> read_duration(std::string_view text)
{
    auto const count = read_with(time_units, 1e9, text);
    if (!count || *count > nanoseconds_max)
        return std::nullopt;
    return nanoseconds(std::llround(*count));
}

std::optional<double> read_share(std::string_view text)
{
    constexpr unit percent[] = {{"%", 0.01}};
    auto const share = read_with(percent, 1, text);
    return share && *share <= 1 ? share : std::nullopt;
}

std::optional<double> read_bytes(std::string_view text)
{
    return read_with(byte_units, 1, text);
}

std::optional<double> read_rate(std::string_view text)
{
    return read_with(rate_units, 1, text);
}

std::string to_text(nanoseconds time)
{
    auto const seconds = std::chrono::duration<double>(time).count();
    if (seconds >= 120) {
        auto const whole = std::llround(seconds);
        return whole % 60 == 0 ? fmt::format("{} min", whole / 60)
                               : fmt::format("{} min {} s", whole / 60, whole % 60);
    }
    if (seconds >= 1 || seconds == 0)
        return fmt::format("{:.4g} s", seconds);
    if (seconds >= 1e-3)
        return fmt::format("{:.4g} ms", seconds * 1e3);
    return fmt::format("{:.4g} us", seconds * 1e6);
}

}  // namespace aconite::experiment
