#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace aconite::bench {

/// Measured values of one kind, all kept.
class samples {
public:
    void add(double value) { values_.push_back(value); }
    [[nodiscard]] std::size_t count() const { return values_.size(); }

    /// The value that a share (0 to 1) of all values does not exceed; 0 without values.
    [[nodiscard]] double quantile(double share)
    {
        if (values_.empty())
            return 0;
        auto const rank = std::ceil(share * static_cast<double>(count())) - 1;
        auto const nth = values_.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 0.0));
        std::nth_element(values_.begin(), nth, values_.end());
        return *nth;
    }

    [[nodiscard]] double mean() const
    {
        auto const sum = std::accumulate(values_.begin(), values_.end(), 0.0);
        return values_.empty() ? 0 : sum / static_cast<double>(count());
    }

    /// Standard deviation over mean; 0 without values.
    [[nodiscard]] double variation() const
    {
        auto const middle = mean();
        double squares = 0;
        for (auto const value : values_)
            squares += (value - middle) * (value - middle);
        return middle == 0 ? 0 : std::sqrt(squares / static_cast<double>(count())) / middle;
    }

    /// Share of the values from `low` to `high`, 0 to 1.
    [[nodiscard]] double share(double low, double high) const
    {
        auto const within = std::ranges::count_if(
            values_, [&](double value) { return value >= low && value <= high; });
        return values_.empty() ? 0 : static_cast<double>(within) / static_cast<double>(count());
    }

private:
    std::vector<double> values_;
};

}  // namespace aconite::bench
