#include "clients/experiment/report/picture.hpp"

#include "clients/experiment/report/axis.hpp"
#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace aconite::experiment {
namespace {

constexpr double picture_width = 1160;
constexpr double picture_left = 168;
constexpr double picture_right = 16;
constexpr double character_width = 6.6;
constexpr double band_height = 24;
constexpr double bar_height = 16;
constexpr double row_height = 22;
constexpr double chart_height = 92;
constexpr double small_height = 40;
constexpr double chart_gap = 22;
constexpr std::size_t bars_max = 24;
constexpr std::size_t loads_max = 4;
constexpr std::size_t small_max = 16;
/// From then on a latency's scale is logarithmic: else only the outage could be seen.
constexpr double spread_max = 20;

/// At most `width` of it, cut between characters.
std::string cut(std::string_view text, double width)
{
    auto const most = static_cast<std::size_t>(std::max(width / character_width, 1.0));
    auto const line = one_line(text);
    std::size_t seen = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if ((line[i] & 0xC0) == 0x80)
            continue;
        if (++seen == most && line.size() > i + 1)
            return line.substr(0, i) + "…";
    }
    return line;
}

std::string svg_text(double x, double y, std::string_view style, std::string_view text)
{
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\">{}</text>\n", x, y, style,
                       markup_text(text));
}

std::string svg_box(double x, double y, double width, double height, std::string_view style,
                    std::string_view about = {})
{
    auto box = fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                           "class=\"{}\"",
                           x, y, std::max(width, 0.0), height, style);
    return about.empty() ? box + "/>\n"
                         : box + "><title>" + markup_text(one_line(about)) + "</title></rect>\n";
}

class painter {
public:
    explicit painter(json const& report) : report_(report), axis_(axis_of(report))
    {
        axis_.left = picture_left;
        axis_.width = picture_width - picture_left - picture_right;
    }

    picture paint()
    {
        if (axis_.is_empty())
            return {"", json::object()};
        y_ = band_height + 8;
        bars();
        loads();
        probes();
        checks();
        auto const bottom = y_;
        std::string svg = fmt::format(
            "<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"Phases, faults, load, "
            "latency and probes on one time axis; the tables below have the numbers\">\n",
            picture_width, bottom + 24);
        svg += bands(bottom) + ticks(bottom) + body_ +
               "<line id=\"cursor\" class=\"cursor\" y1=\"0\" y2=\"" +
               fmt::format("{:.0f}\"/>\n</svg>\n", bottom);
        json data = {{"from", axis_.from},     {"to", axis_.to},
                     {"left", axis_.left},     {"width", axis_.width},
                     {"whole", picture_width}, {"series", std::move(told_)}};
        return {std::move(svg), std::move(data)};
    }

private:
    /// Behind everything: phases, and where faults were in force.
    std::string bands(double bottom) const
    {
        std::string out;
        bool odd = false;
        for (auto const& each : list_of(report_, "phases")) {
            auto const begin = number_of(each, "begin_s");
            auto const end = number_of(each, "end_s");
            if (!begin || !end || *end < *begin)
                continue;
            auto const x = axis_.x(*begin);
            auto const width = axis_.x(*end) - x;
            auto const name = shown(each, "name");
            auto const about =
                fmt::format("{}: {} to {}", name, seconds_figure(begin), seconds_figure(end));
            out += svg_box(x, 0, width, bottom, odd ? "band odd" : "band");
            out += svg_box(x, 0, width, band_height, "phase", about);
            if (width > 3 * character_width)
                out += svg_text(x + 5, band_height - 7, "name", cut(name, width - 8));
            odd = !odd;
        }
        for (auto const& each : list_of(report_, "actions")) {
            auto const begin = number_of(each, "begin_s");
            auto const end = number_of(each, "end_s");
            if (begin && end && *end > *begin)
                out += svg_box(axis_.x(*begin), band_height, axis_.x(*end) - axis_.x(*begin),
                               bottom - band_height, "shade");
        }
        return out;
    }

    std::string ticks(double bottom) const
    {
        std::string out;
        for (auto const& each : ticks_of(axis_)) {
            auto const x = axis_.x(each.at);
            out += fmt::format(
                "<line class=\"tick\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2:.1f}\"/>\n",
                x, band_height, bottom + 4);
            out += svg_text(std::min(x, picture_width - 14), bottom + 18, "time", each.label);
        }
        return out;
    }

    void label(double y, std::string_view style, std::string_view text)
    {
        body_ += svg_text(4, y, style, cut(text, picture_left - 12));
    }

    void bars()
    {
        std::size_t shown_bars = 0;
        auto const& actions = list_of(report_, "actions");
        for (auto const& each : actions) {
            auto const begin = number_of(each, "begin_s");
            if (!begin)
                continue;
            if (++shown_bars > bars_max) {
                label(y_ + bar_height - 3, "label",
                      fmt::format("and {} more", actions.size() - bars_max));
                y_ += row_height;
                break;
            }
            bar(each, *begin);
        }
        y_ += shown_bars > 0 ? 6 : 0;
    }

    void bar(json const& action, double begin)
    {
        auto const end = number_of(action, "end_s").value_or(begin);
        auto const title = shown(action, "type") + " " + text_of(action, "target");
        auto const settings = settings_text(object_of(action, "settings"));
        auto const hits = number_of(action, "hits");
        auto about = fmt::format("{}: {} to {}", title, seconds_figure(begin), seconds_figure(end));
        for (auto const& more : {settings, text_of(action, "evidence"), text_of(action, "error")})
            if (!more.empty())
                about += "; " + more;
        auto const style = text_of(action, "error").empty() ? "fault" : "fault broken";
        label(y_ + bar_height - 3, "label", title);
        auto const x = axis_.x(begin);
        auto const width = axis_.x(end) - x;
        body_ += svg_box(x, y_, std::max(width, 4.0), bar_height, style, about);
        auto inside = settings;
        if (hits)
            inside.append(inside.empty() ? "" : "; ")
                .append(
                    counted(static_cast<std::size_t>(std::clamp(*hits, 0.0, 1e15)), "hit", "hits"));
        auto const fits = static_cast<double>(inside.size()) * character_width < width - 8;
        auto const room = picture_width - x - std::max(width, 4.0) - 12;
        if (fits)
            body_ += svg_text(x + 5, y_ + bar_height - 4, "on", inside);
        else if (room > 8 * character_width)
            body_ += svg_text(x + std::max(width, 4.0) + 4, y_ + bar_height - 4, "beside",
                              cut(inside, room));
        y_ += row_height;
    }

    void loads()
    {
        auto const& all = list_of(report_, "load");
        for (std::size_t i = 0; i < std::min(all.size(), loads_max); ++i) {
            auto name = text_of(all[i], "name");
            if (name.empty())
                name = all.size() > 1 ? text_of(all[i], "kind") : "";
            auto const prefix = name.empty() ? "" : name + " ";
            auto const& points = object_of(all[i], "series");
            auto ok = series_of(points, "t_s", "ok_per_s");
            auto errors = series_of(points, "t_s", "errors_per_s");
            ok.name = prefix + "OK", ok.unit = "/s", ok.style = "ok";
            errors.name = prefix + "errors", errors.unit = "/s", errors.style = "errors";
            chart(prefix + "requests", {ok, errors}, chart_height, true);
            auto p50 = series_of(points, "t_s", "p50_ms");
            auto p99 = series_of(points, "t_s", "p99_ms");
            p50.name = prefix + "p50", p50.unit = " ms", p50.style = "middle";
            p99.name = prefix + "p99", p99.unit = " ms", p99.style = "tail";
            chart(prefix + "latency", {p99, p50}, chart_height, false);
        }
    }

    void probes()
    {
        auto const& all = list_of(report_, "probes");
        std::size_t drawn = 0;
        for (auto const& each : all) {
            auto line = series_of(object_of(each, "series"), "t_s", "value");
            if (std::ranges::none_of(line.values, [](auto const& v) { return v.has_value(); }))
                continue;
            if (++drawn > small_max) {
                label(y_ + 12, "label", "more in the table");
                y_ += row_height;
                return;
            }
            line.name = shown(each, "name");
            line.style = "probe";
            chart(line.name, {line}, small_height, false);
        }
    }

    void checks()
    {
        bool any = false;
        for (auto const& each : list_of(report_, "checks")) {
            auto const at = number_of(each, "at_s");
            if (!at)
                continue;
            auto const state = text_of(each, "state");
            auto const style = state == "passed" ? "good" : state == "failed" ? "bad" : "unsure";
            auto const about =
                fmt::format("{}: {} at {}", shown(each, "name"), state, seconds_figure(at));
            body_ += fmt::format("<g class=\"mark {}\"><title>{}</title><circle cx=\"{:.1f}\" "
                                 "cy=\"{:.1f}\" r=\"7\"/>"
                                 "<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text></g>\n",
                                 style, markup_text(one_line(about)), axis_.x(*at), y_ + 10,
                                 axis_.x(*at), y_ + 14,
                                 state == "passed"   ? "✓"
                                 : state == "failed" ? "✗"
                                                     : "?");
            any = true;
        }
        if (!any)
            return;
        label(y_ + 14, "label", "checks decided");
        y_ += row_height + 4;
    }

    /// Charts of rates begin at 0, others where their values do.
    void chart(std::string const& title, std::vector<series> lines, double height, bool rates)
    {
        double low = 0;
        double high = 0;
        bool any = false;
        for (auto const& line : lines)
            for (auto const& value : line.values)
                if (value) {
                    low = any ? std::min(low, *value) : *value;
                    high = any ? std::max(high, *value) : *value;
                    any = true;
                }
        if (!any)
            return;
        auto const unit = lines.front().unit;
        value_axis up{low, high, false, y_, height};
        if (rates || unit == " ms")
            up.low = std::min(low, 0.0);
        if (unit == " ms" && low > 0 && high / low > spread_max) {
            up.low = low;
            up.logarithmic = true;
        }
        bool const flat = !(up.high > up.low);
        if (flat)  // a line in the middle
            up.low -= 1, up.high += 1;
        body_ += svg_box(axis_.left, y_, axis_.width, height, "frame");
        label(y_ + 12, "label", title);
        scale_labels(up, unit, flat, height);
        if (lines.size() > 1)
            for (std::size_t i = 0; i < lines.size(); ++i)
                body_ += svg_text(4, y_ + 30 + 15 * static_cast<double>(i), "key " + lines[i].style,
                                  "■ " + cut(lines[i].name, picture_left - 90));
        for (auto const& line : lines)
            draw(line, up, rates);
        y_ += height + (height == small_height ? chart_gap / 2 : chart_gap / 1.5);
        for (auto& line : lines)
            tell(std::move(line));
    }

    void scale_labels(value_axis const& up, std::string const& unit, bool flat, double height)
    {
        auto const put = [&](double y, double value) {
            auto const text = unit == " ms" ? milliseconds_figure(value) : figure(value) + unit;
            body_ += svg_text(picture_left - 5, y, "scale", text);
        };
        if (flat)
            return put(y_ + height / 2 + 4, up.low + 1);
        put(y_ + 10, up.high);
        put(y_ + height, up.low);
        if (up.logarithmic)
            body_ += svg_text(picture_left - 5, y_ + height / 2 + 4, "scale soft", "logarithmic");
    }

    void draw(series const& line, value_axis const& up, bool filled)
    {
        if (filled)
            body_ += fmt::format("<path class=\"area {}\" d=\"{}\"/>\n", line.style,
                                 area_path(line, axis_, up));
        body_ += fmt::format("<path class=\"line {}\" d=\"{}\"/>\n", line.style,
                             line_path(line, axis_, up, line.style == "probe"));
    }

    void tell(series line)
    {
        json values = json::array();
        for (auto const& each : line.values)
            values.push_back(each ? json(*each) : json());
        told_.push_back({{"name", one_line(line.name)},
                         {"unit", line.unit},
                         {"style", line.style},
                         {"t", std::move(line.times)},
                         {"v", std::move(values)}});
    }

    json const& report_;
    time_axis axis_;
    double y_ = 0;
    std::string body_;
    json told_ = json::array();
};

}  // namespace

picture picture_of(json const& report)
{
    return painter(report).paint();
}

}  // namespace aconite::experiment
