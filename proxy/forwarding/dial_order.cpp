#include "proxy/forwarding/dial_order.hpp"

#include <algorithm>
#include <chrono>

namespace aconite {
namespace {

constexpr duration step_max = std::chrono::milliseconds(250);

}  // namespace

std::vector<address> in_turns(std::vector<address> const& found)
{
    std::vector<address> made;
    std::vector<address> others;
    for (auto const& each : found)
        (each.family() == found.front().family() ? made : others).push_back(each);
    for (std::size_t i = 0; i < others.size(); ++i) {
        auto const place = std::min(2 * i + 1, made.size());
        made.insert(made.begin() + static_cast<std::ptrdiff_t>(place), others[i]);
    }
    return made;
}

duration dial_step(std::size_t count, duration limit)
{
    auto const share = limit / static_cast<duration::rep>(std::max<std::size_t>(count, 1));
    return std::clamp(share, duration::zero(), step_max);
}

}  // namespace aconite
