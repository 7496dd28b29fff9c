#include "toxics/loss_chain.hpp"

#include <cmath>

namespace aconite::toxics {

void loss_chain::pass(double steps, double draw)
{
    auto const both = how_.p + how_.r;
    if (both <= 0)
        return;
    // What is left of the state that it started from shrinks by 1 - p - r with each step; above
    // 1 it would also change its sign each time, which after many steps means nothing.
    auto const left = std::pow(std::abs(1 - both), steps);
    auto const in_the_long_run = how_.p / both;
    bad_ = draw < in_the_long_run + ((bad_ ? 1 : 0) - in_the_long_run) * left;
}

}  // namespace aconite::toxics
