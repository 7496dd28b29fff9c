#pragma once

#include <aconite/problem.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::experiment {

/// One line of what a program exposes to Prometheus.
struct metric_sample {
    std::string_view name{};  ///< into the text
    std::vector<std::pair<std::string_view, std::string>> labels{};
    double number = 0;  ///< may be infinite or NaN
    /// Null if it has no such label.
    [[nodiscard]] std::string const* label(std::string_view wanted) const;
};

/// Reads the text format 0.0.4, and of OpenMetrics what a scrape of both has; timestamps and
/// exemplars are passed over. `on_sample` is given each, for as long as it runs. A problem that
/// names the first line that is neither a sample nor a comment.
result<void> read_samples(std::string_view text,
                          std::function<void(metric_sample const&)> const& on_sample);

/// The value below which a share (0 to 1) of what was observed lies, from a histogram's counts by
/// upper bound, each with those below it: within a bucket as if evenly spread, as Prometheus does
/// it. None if nothing was observed or the bucket without bound is missing.
std::optional<double> histogram_quantile(std::map<double, double> const& buckets, double share);

}  // namespace aconite::experiment
