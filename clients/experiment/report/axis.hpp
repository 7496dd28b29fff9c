#pragma once

#include "clients/experiment/report/reading.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What the charts of a report's picture have in common. Lengths are in units of the picture, which
/// are pixels where it is shown at its own size.
namespace aconite::experiment {

/// The one time axis of all.
struct time_axis {
    double from = 0;  ///< seconds
    double to = 0;
    double left = 0;
    double width = 0;

    [[nodiscard]] bool is_empty() const { return !(to > from); }
    /// Where a time is; what lies outside is at the edge.
    [[nodiscard]] double x(double seconds) const;
};

/// From the first to the last time that a report has; empty if it has none.
[[nodiscard]] time_axis axis_of(json const& report);

struct tick {
    double at = 0;  ///< seconds
    std::string label;
};
/// At most 12, at round times.
[[nodiscard]] std::vector<tick> ticks_of(time_axis const& axis);

/// A line of a chart: a value for each time, or none. As many of both.
struct series {
    std::string name;
    std::string unit;
    std::string style;  ///< its class in report.css
    std::vector<double> times{};
    std::vector<std::optional<double>> values{};
};
/// Of two lists of a report; what has no time is left out.
[[nodiscard]] series series_of(json const& from, std::string_view times, std::string_view values);

/// The scale of a chart's values.
struct value_axis {
    double low = 0;
    double high = 1;
    bool logarithmic = false;
    double top = 0;
    double height = 0;
    [[nodiscard]] double y(double value) const;
};

/// `d` of an SVG path for the line. At most some points for each unit of width, with the extremes
/// kept; the line breaks where a value is missing. `steps`: a value lasts until the next one.
[[nodiscard]] std::string line_path(series const& of, time_axis const& across, value_axis const& up,
                                    bool steps);
/// The same closed down to the bottom.
[[nodiscard]] std::string area_path(series const& of, time_axis const& across,
                                    value_axis const& up);

}  // namespace aconite::experiment
