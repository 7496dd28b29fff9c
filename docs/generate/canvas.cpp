#include "docs/generate/canvas.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace aconite::docs {
namespace {

constexpr std::string_view style = R"(<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.strong { font-weight: 600; font-size: 13px; }
.faint, .tick { fill: #59636e; }
.paper { fill: #ffffff; }
.band { fill: #bf8700; fill-opacity: .10; }
.edge { stroke: #9a6700; stroke-width: 1.2; stroke-dasharray: 5 3; }
.toxic { fill: #7d4e00; font-weight: 600; }
.lane, .axis { stroke: #59636e; stroke-width: 1.4; }
.over { stroke: #d1d9e0; stroke-width: 1.4; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
.stop { stroke: #1f2328; stroke-width: 2.5; }
.close { stroke: #1f2328; stroke-width: 1.4; stroke-dasharray: 3 3; }
.gone { stroke: #d1242f; stroke-width: 2.2; }
.lost { fill: #d1242f; font-weight: 600; }
.fin { fill: #444c56; }
.rst { fill: #cf222e; }
.mark { fill: #ffffff; font-weight: 600; font-size: 11px; }
.slant { stroke-width: 1.8; }
.sent { fill: none; stroke: #818b98; stroke-width: 2; stroke-dasharray: 5 3; }
.got { fill: none; stroke: #0969da; stroke-width: 2.4; stroke-linejoin: round; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.faint, .tick { fill: #9198a1; }
.paper { fill: #0d1117; }
.band { fill: #e3b341; fill-opacity: .13; }
.edge { stroke: #d29922; }
.toxic { fill: #e3b341; }
.lane, .axis { stroke: #9198a1; }
.over, .grid { stroke: #30363d; }
.stop, .close { stroke: #e6edf3; }
.gone { stroke: #f85149; }
.lost { fill: #ff7b72; }
.fin { fill: #6e7681; }
.rst { fill: #da3633; }
.mark { fill: #ffffff; }
.got { stroke: #4493f8; }
}
</style>
)";

/// Of messages, in turn: to be told apart on light and dark.
constexpr std::string_view colours[] = {"#2f81f7", "#db6d28", "#2da44e", "#a371f7", "#d6409f"};

constexpr double band_top = 30;

}  // namespace

double tick_step(double reach, int count)
{
    auto const least = reach / count;
    auto const power = std::pow(10.0, std::floor(std::log10(least)));
    for (double const digit : {1.0, 2.0, 5.0})
        if (digit * power >= least * 0.999)
            return digit * power;
    return 10 * power;
}

std::string size_text(std::size_t bytes)
{
    if (bytes > 1000 && bytes % 1000 == 0)
        return fmt::format("{} kB", bytes / 1000);
    return fmt::format("{} B", bytes);
}

canvas::canvas(scenario const& s, double bottom) : until_ms_(s.until_ms), bottom_(bottom)
{
    auto const height = bottom + 40;
    out_ = fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" )"
                       R"(width="{0}" height="{1}" role="img">)"
                       "\n<title>{2}</title>\n{3}"
                       R"(<rect class="paper" width="{0}" height="{1}" rx="6"/>)"
                       "\n",
                       width, height, s.toxic_text, style);
    toxic_band(s);
    axis();
}

double canvas::x_of(double at_ms) const
{
    return left + at_ms / until_ms_ * (right - left);
}

void canvas::line(double x1, double y1, double x2, double y2, std::string_view look)
{
    out_ += fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)"
                        "\n",
                        look, x1, y1, x2, y2);
}

void canvas::slant(double x1, double y1, double x2, double y2, std::size_t number)
{
    out_ += fmt::format(R"(<line class="slant" stroke="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" )"
                        R"(y2="{:.1f}"/>)"
                        "\n",
                        colours[number % std::size(colours)], x1, y1, x2, y2);
}

void canvas::dot(double x, double y, std::size_t number)
{
    out_ += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="4.5" fill="{}"/>)"
                        "\n",
                        x, y, colours[number % std::size(colours)]);
}

void canvas::path(std::string_view points, std::string_view look)
{
    out_ += fmt::format(R"(<polyline class="{}" points="{}"/>)"
                        "\n",
                        look, points);
}

void canvas::text(double x, double y, std::string_view words, std::string_view anchor,
                  std::string_view look)
{
    out_ += fmt::format(R"(<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)"
                        "\n",
                        look, x, y, anchor, words);
}

void canvas::cross(double x, double y)
{
    constexpr double arm = 5;
    line(x - arm, y - arm, x + arm, y + arm, "gone");
    line(x - arm, y + arm, x + arm, y - arm, "gone");
}

void canvas::end_mark(double x, double y, ending how)
{
    auto const reset = how == ending::reset;
    line(x, y - 9, x, y + 9, "stop");
    out_ += fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="32" height="16" rx="4"/>)"
                        "\n",
                        reset ? "rst" : "fin", x + 5, y - 8);
    text(x + 21, y + 4, reset ? "RST" : "FIN", "middle", "mark");
}

/// Shaded while the toxic is in force.
void canvas::toxic_band(scenario const& s)
{
    auto const from = x_of(s.added_ms);
    auto const to = x_of(s.removed_ms.value_or(s.until_ms));
    out_ += fmt::format(R"(<rect class="band" x="{:.1f}" y="{}" width="{:.1f}" height="{:.1f}"/>)"
                        "\n",
                        from, band_top, to - from, bottom_ - band_top);
    text(from, band_top - 8, s.toxic_text, "start", "toxic");
    if (s.added_ms > 0)
        line(from, band_top, from, bottom_, "edge");
    if (s.removed_ms) {
        line(to, band_top, to, bottom_, "edge");
        text(to, band_top - 8, "removed", "middle", "toxic");
    }
}

void canvas::axis()
{
    line(left, bottom_, right, bottom_, "axis");
    auto const step = tick_step(until_ms_, 8);
    for (double at = 0; at <= until_ms_; at += step) {
        line(x_of(at), bottom_, x_of(at), bottom_ + 5, "axis");
        text(x_of(at), bottom_ + 20, fmt::format("{:g}", at), "middle", "tick");
    }
    text(left - 22, bottom_ + 20, "ms", "end", "tick");
}

}  // namespace aconite::docs
