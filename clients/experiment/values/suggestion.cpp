#include "clients/experiment/values/suggestion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace aconite::experiment {
namespace {

constexpr std::size_t few = 16;

/// How many letters have to be changed, added, removed or exchanged with the next one.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before_last;
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1,
                               last[j - 1] + static_cast<std::size_t>(a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last = last;
        last = row;
    }
    return last.back();
}

}  // namespace

std::string closest(std::string_view word, std::span<std::string_view const> names)
{
    if (names.empty() || word.size() > 100)
        return {};
    auto const found = *std::ranges::min_element(
        names, {}, [&](std::string_view name) { return distance(word, name); });
    auto const most = std::max<std::size_t>(1, found.size() / 3);
    return distance(word, found) <= most ? fmt::format(", did you mean '{}'?", found)
                                         : std::string();
}

std::string suggestion(std::string_view word, std::span<std::string_view const> names)
{
    if (names.empty())
        return {};
    if (auto found = closest(word, names); !found.empty())
        return found;
    return names.size() <= few ? fmt::format("; there are: {}", fmt::join(names, ", "))
                               : std::string();
}

}  // namespace aconite::experiment
