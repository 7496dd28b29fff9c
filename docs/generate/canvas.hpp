#pragma once

#include "docs/generate/scenario.hpp"

#include <string>
#include <string_view>

namespace aconite::docs {

/// A picture with time from left to right, as SVG text that is legible on light and dark. Places
/// are in pixels from the upper left corner.
class canvas {
public:
    static constexpr double width = 800;
    static constexpr double left = 134;
    static constexpr double right = width - 36;
    static constexpr double top = 44;  ///< above is what is said about the toxic

    /// `bottom` is where the axis of time lies.
    canvas(scenario const& s, double bottom);

    /// Where a time lies.
    [[nodiscard]] double x_of(double at_ms) const;

    /// What it looks like is said by `look`, a class of the style sheet.
    void line(double x1, double y1, double x2, double y2, std::string_view look);
    /// In the colour of message `number`.
    void slant(double x1, double y1, double x2, double y2, std::size_t number);
    void dot(double x, double y, std::size_t number);
    /// A path through `points`, "x,y x,y ...".
    void path(std::string_view points, std::string_view look);
    /// `anchor` is start, middle or end.
    void text(double x, double y, std::string_view words, std::string_view anchor,
              std::string_view look = "words");
    /// Where something is lost.
    void cross(double x, double y);
    /// The end of a stream, FIN or RST, to the right of `x`.
    void end_mark(double x, double y, ending how);

    /// The whole picture.
    [[nodiscard]] std::string finish() const { return out_ + "</svg>\n"; }

private:
    void toxic_band(scenario const& s);
    void axis();

    double until_ms_;
    double bottom_;
    std::string out_;
};

/// A step between ticks such that about `count` of them reach `reach`: 1, 2 or 5 times a power of
/// ten.
double tick_step(double reach, int count);

/// Like `1448 B` or `5 kB`.
std::string size_text(std::size_t bytes);

}  // namespace aconite::docs
