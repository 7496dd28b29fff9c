#include "bench/macro/toxics/pattern.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

namespace aconite::bench {
namespace {

constexpr std::size_t period = 65'521;  // the largest prime that fits a core's cache well

std::vector<char> const& pattern()
{
    static auto const bytes = [] {
        std::vector<char> made(period + pattern_view);
        std::mt19937 random(1);
        std::generate_n(made.begin(), period, [&] { return static_cast<char>(random()); });
        for (std::size_t at = period; at < made.size(); ++at)
            made[at] = made[at - period];
        return made;
    }();
    return bytes;
}

}  // namespace

std::span<char const> pattern_at(std::uint64_t position)
{
    return std::span(pattern()).subspan(position % period, pattern_view);
}

void pattern_checker::check(std::span<char const> bytes)
{
    received_ += bytes.size();
    while (!bytes.empty() && (in_step_ || find_place(bytes))) {
        auto const expected = pattern_at(place_);
        if (std::memcmp(bytes.data(), expected.data(), bytes.size()) == 0) {
            place_ += bytes.size();
            return;
        }
        auto const wrong = std::ranges::mismatch(bytes, expected).in1;
        auto const good = static_cast<std::size_t>(wrong - bytes.begin());
        bytes = bytes.subspan(good);
        ++breaks_;
        in_step_ = false;
    }
}

bool pattern_checker::find_place(std::span<char const> bytes)
{
    constexpr std::size_t enough = 32;
    if (bytes.size() < enough)
        return false;
    std::string_view const all(pattern().data(), period + enough);
    auto const found = all.find(std::string_view(bytes.data(), enough));
    in_step_ = found != std::string_view::npos;
    place_ = in_step_ ? found : place_;
    return in_step_;
}

}  // namespace aconite::bench
