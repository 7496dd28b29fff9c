#pragma once

#include <array>

namespace aconite::toxics {

/// The Gilbert-Elliott model of a lossy line: a chain of two states, in each of which a segment is
/// lost with a probability of its own. See E. N. Gilbert, "Capacity of a burst-noise channel",
/// 1960, and E. O. Elliott, "Estimates of error rates for codes on burst-noise channels", 1963.
class loss_chain {
public:
    struct parameters {
        double p = 0;          ///< from good to bad, for each segment
        double r = 1;          ///< from bad to good
        double bad_loss = 1;   ///< share lost while bad
        double good_loss = 0;  ///< share lost while good
    };

    explicit loss_chain(parameters const& how) : how_(how) {}

    /// Losses that do not know of each other.
    static parameters independent(double rate) { return {0, 1, 0, rate}; }
    /// The share `rate` is lost, in runs of `burst` (at least 1) on average. `rate` is at most
    /// burst / (burst + 1), or 1.
    static parameters bursts(double rate, double burst)
    {
        if (rate >= 1)
            return {1, 0, 1, 0};
        auto const r = 1 / burst;
        return {rate * r / (1 - rate), r, 1, 0};
    }

    /// The next segment: one step, then whether it is lost. Draws are in [0, 1).
    bool loses(std::array<double, 2> const& draws)
    {
        bad_ = draws[0] < (bad_ ? 1 - how_.r : how_.p);
        return draws[1] < (bad_ ? how_.bad_loss : how_.good_loss);
    }

    /// So many steps in which no segment came.
    void pass(double steps, double draw);

    /// Takes the state of `other` over.
    void resume(loss_chain const& other) { bad_ = other.bad_; }

private:
    parameters how_;
    bool bad_ = false;
};

}  // namespace aconite::toxics
