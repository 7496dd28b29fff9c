#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace aconite::bench {

/// A stream whose bytes tell their place: random, with a prime period, so that a lost, doubled or
/// moved piece of any usual size breaks it.
/// @{

/// Longest view that `pattern_at` gives, bytes.
inline constexpr std::size_t pattern_view = 256 * 1024;
/// The stream's bytes from `position` on. The view lives as long as the program.
std::span<char const> pattern_at(std::uint64_t position);

/// @}

/// Compares what arrives with the pattern, from its beginning.
class pattern_checker {
public:
    /// Takes the next bytes of the stream, at most `pattern_view` of them. After a break it finds
    /// its place again, so each break counts once.
    void check(std::span<char const> bytes);

    [[nodiscard]] std::uint64_t received() const { return received_; }
    [[nodiscard]] std::uint64_t breaks() const { return breaks_; }

private:
    bool find_place(std::span<char const> bytes);

    std::uint64_t received_ = 0;
    std::uint64_t breaks_ = 0;
    std::uint64_t place_ = 0;
    bool in_step_ = true;
};

}  // namespace aconite::bench
