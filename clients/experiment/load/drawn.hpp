#pragma once

#include <cstdint>

/// Numbers that are drawn: functions of a seed and of what they are for, so that a request is the
/// same whoever sends it and whenever.
namespace aconite::experiment {

/// What a number is drawn for.
enum class draw_for : std::uint64_t { arrival = 1, key, uuid_high, uuid_low };

/// SplitMix64's output function (Steele, Lea, Flood 2014) over the sum.
constexpr std::uint64_t mixed(std::uint64_t with, std::uint64_t number)
{
    std::uint64_t z = with + (number + 1) * 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/// 64 random bits of request `number`.
constexpr std::uint64_t drawn(std::uint64_t seed, draw_for what, std::uint64_t number)
{
    return mixed(mixed(seed, static_cast<std::uint64_t>(what)), number);
}

/// The same as a number in [0, 1).
constexpr double drawn_share(std::uint64_t seed, draw_for what, std::uint64_t number)
{
    return static_cast<double>(drawn(seed, what, number) >> 11) * 0x1.0p-53;
}

}  // namespace aconite::experiment
