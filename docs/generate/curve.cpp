// How many bytes were sent and how many arrived, over time.

#include "docs/generate/canvas.hpp"
#include "docs/generate/picture.hpp"

#include <fmt/format.h>

namespace aconite::docs {
namespace {

constexpr double curve_axis_y = 268;

/// A line that climbs by what comes, when it comes.
class climb {
public:
    climb(canvas const& on, double scale) : canvas_(on), scale_(scale) { add(0, 0); }

    void add(double at_ms, std::size_t bytes)
    {
        point(at_ms);
        bytes_ += bytes;
        if (bytes > 0)
            point(at_ms);
    }

    [[nodiscard]] double y() const { return curve_axis_y - static_cast<double>(bytes_) * scale_; }
    [[nodiscard]] std::string const& points() const { return points_; }

private:
    void point(double at_ms)
    {
        points_ +=
            fmt::format("{}{:.1f},{:.1f}", points_.empty() ? "" : " ", canvas_.x_of(at_ms), y());
    }

    canvas const& canvas_;
    double scale_;
    std::size_t bytes_ = 0;
    std::string points_;
};

std::size_t total_bytes(scenario const& s)
{
    std::size_t total = 0;
    for (auto const& m : s.sent)
        total += m.bytes;
    return total;
}

}  // namespace

std::string curve_of(scenario const& s, recording const& seen)
{
    canvas on(s, curve_axis_y);
    auto const total = static_cast<double>(total_bytes(s));
    auto const scale = (curve_axis_y - canvas::top - 10) / total;

    auto const step = tick_step(total, 5);
    for (auto at = step; at <= total; at += step) {
        on.line(canvas::left, curve_axis_y - at * scale, canvas::right, curve_axis_y - at * scale,
                "grid");
        on.text(canvas::left - 10, curve_axis_y - at * scale + 4,
                size_text(static_cast<std::size_t>(at)), "end", "tick");
    }

    climb sent(on, scale);
    for (auto const& m : s.sent)
        sent.add(m.at_ms, m.bytes);
    sent.add(s.sent_end ? s.sent_end->at_ms : s.until_ms, 0);
    climb got(on, scale);
    for (auto const& a : seen.arrivals)
        got.add(a.at_ms, a.bytes);
    got.add(seen.end ? seen.end->at_ms : s.until_ms, 0);
    on.path(sent.points(), "sent");
    on.path(got.points(), "got");
    if (seen.end)
        on.end_mark(on.x_of(seen.end->at_ms), got.y(), seen.end->how);

    auto const key_x = canvas::right - 150;
    on.path(fmt::format("{0},{2} {1},{2}", key_x, key_x + 26, curve_axis_y - 38), "sent");
    on.text(key_x + 34, curve_axis_y - 34, s.sender, "start");
    on.path(fmt::format("{0},{2} {1},{2}", key_x, key_x + 26, curve_axis_y - 18), "got");
    on.text(key_x + 34, curve_axis_y - 14, s.receiver, "start");
    return on.finish();
}

}  // namespace aconite::docs
