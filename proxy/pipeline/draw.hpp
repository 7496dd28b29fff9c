#pragma once

#include <cstdint>
#include <string_view>

namespace aconite {

/// Folds `value` into `key`: SplitMix64's output function (Steele, Lea, Flood 2014) over the
/// sum, so that every bit of both reaches every bit of the result.
constexpr std::uint64_t mix(std::uint64_t key, std::uint64_t value)
{
    std::uint64_t z = key + (value + 1) * 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/// Folds a name into `key`, byte by byte.
constexpr std::uint64_t mix(std::uint64_t key, std::string_view name)
{
    for (char const c : name)
        key = mix(key, static_cast<unsigned char>(c));
    return mix(key, name.size());
}

/// `key` as a number in [0, 1).
constexpr double draw(std::uint64_t key)
{
    return static_cast<double>(key >> 11) * 0x1.0p-53;
}

}  // namespace aconite
