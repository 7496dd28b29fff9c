#pragma once

#include <aconite/attribute.hpp>
#include <aconite/problem.hpp>

#include <string_view>
#include <utility>
#include <vector>

namespace aconite::toxics {

/// The value below which the share `u` of all values lies; 0 <= u < 1. What `deviation` is, the
/// distribution says: the standard deviation, or how far the uniform one reaches.
using quantile = double (*)(double u, double mean, double deviation);

inline constexpr std::string_view distribution_names[] = {"uniform", "normal", "pareto",
                                                          "paretonormal", "lognormal"};

/// `name` is one of `distribution_names`.
quantile quantile_of(std::string_view name);

/// Of the normal distribution with mean 0 and deviation 1.
double normal_quantile(double u);
/// Its inverse: the share of values below `z`.
double normal_share(double z);

/// A distribution by its percentiles, straight lines between them. Below the lowest one the line
/// starts at 0, above the highest one all values are the highest.
class percentiles {
public:
    /// Names are `p50`, `p99`, `p999` (99.9), `p99.9`, `p100`; values never fall. A 400 that names
    /// the attribute `called` else. No numbers: empty.
    static result<percentiles> read(std::string_view called, named_numbers const& numbers);

    [[nodiscard]] bool empty() const { return points_.empty(); }
    [[nodiscard]] double value(double u) const;

private:
    std::vector<std::pair<double, double>> points_;  ///< share and value, both ascending
};

}  // namespace aconite::toxics
