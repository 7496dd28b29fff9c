// Two lines of time: above what was sent, below what arrived.

#include "docs/generate/canvas.hpp"
#include "docs/generate/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace aconite::docs {
namespace {

constexpr double sent_y = 92;
constexpr double got_y = 196;
constexpr double axis_y = 244;

/// Puts texts in rows, so that none covers another.
class labels {
public:
    labels(canvas& on, double y, double row_height) : canvas_(on), y_(y), row_height_(row_height)
    {
        free_from_.fill(0);
    }

    /// Nothing if there is no room left.
    void put(double x, std::string const& words, std::string_view look)
    {
        constexpr double letter_width = 6.6;
        auto const half = static_cast<double>(words.size()) * letter_width / 2;
        for (std::size_t row = 0; row < free_from_.size(); ++row) {
            if (x - half < free_from_[row])
                continue;
            canvas_.text(x, y_ + static_cast<double>(row) * row_height_, words, "middle", look);
            free_from_[row] = x + half + 4;
            return;
        }
    }

private:
    canvas& canvas_;
    double y_;
    double row_height_;
    std::array<double, 2> free_from_{};
};

class lines {
public:
    lines(scenario const& s, recording const& seen)
        : scenario_(s), seen_(seen), canvas_(s, axis_y), closed_ms_(closed_at(seen))
    {}

    std::string draw()
    {
        canvas_.text(canvas::left - 12, sent_y + 4, scenario_.sender, "end", "strong");
        canvas_.text(canvas::left - 12, got_y + 4, scenario_.receiver, "end", "strong");
        lane(sent_y, scenario_.sent_end ? scenario_.sent_end->at_ms : closed_ms_);
        lane(got_y, seen_.end ? std::optional(seen_.end->at_ms) : std::nullopt);
        slants();
        ends();
        sent();
        arrived();
        return canvas_.finish();
    }

private:
    /// When the toxic closed the connection, and not the sender.
    static std::optional<double> closed_at(recording const& seen)
    {
        if (!seen.end || seen.end->how == ending::half_close)
            return std::nullopt;
        return seen.end->at_ms;
    }

    void lane(double y, std::optional<double> end_ms)
    {
        auto const end = canvas_.x_of(end_ms.value_or(scenario_.until_ms));
        canvas_.line(canvas::left, y, end, y, "lane");
        if (end_ms)
            canvas_.line(end, y, canvas::right, y, "over");
    }

    void slants()
    {
        for (auto const& a : seen_.arrivals)
            canvas_.slant(canvas_.x_of(scenario_.sent[a.from_message].at_ms), sent_y,
                          canvas_.x_of(a.at_ms), got_y, a.from_message);
    }

    void sent()
    {
        labels sizes(canvas_, sent_y - 14, -15);
        for (std::size_t i = 0; i < scenario_.sent.size(); ++i) {
            auto const& m = scenario_.sent[i];
            auto const x = canvas_.x_of(m.at_ms);
            if (auto const missing = m.bytes - arrived_of(i); missing > 0)
                missing_part(x, i, missing);
            canvas_.dot(x, sent_y, i);
            sizes.put(x, size_text(m.bytes), "words");
        }
    }

    [[nodiscard]] std::size_t arrived_of(std::size_t message) const
    {
        std::size_t bytes = 0;
        for (auto const& a : seen_.arrivals)
            bytes += a.from_message == message ? a.bytes : 0;
        return bytes;
    }

    /// Bytes on their way that did not get there; beside the line of those that did.
    void missing_part(double sent_x, std::size_t message, std::size_t bytes)
    {
        constexpr double y = (sent_y + got_y) / 2 - 8;
        constexpr double half = 10;
        auto const x = bytes == scenario_.sent[message].bytes ? sent_x : sent_x - 44;
        canvas_.slant(sent_x, sent_y, x, y, message);
        if (seen_.holds) {
            canvas_.line(x - half, y, x + half, y, "stop");
            canvas_.text(x, y + 18, "held", "middle", "faint");
            return;
        }
        canvas_.cross(x, y);
        canvas_.text(x, y + 21, size_text(bytes) + " gone", "middle", "lost");
    }

    /// What arrives at one moment has one label.
    void arrived()
    {
        labels sizes(canvas_, got_y + 20, 15);
        auto const& all = seen_.arrivals;
        for (std::size_t i = 0; i < all.size();) {
            auto const x = canvas_.x_of(all[i].at_ms);
            std::size_t bytes = 0;
            std::size_t wrong = 0;
            auto const at = all[i].at_ms;
            for (; i < all.size() && all[i].at_ms == at; ++i) {
                canvas_.dot(x, got_y, all[i].from_message);
                bytes += all[i].bytes;
                wrong += all[i].wrong_bytes;
            }
            sizes.put(x, size_text(bytes) + (wrong > 0 ? fmt::format(", {} wrong", wrong) : ""),
                      wrong > 0 ? "lost" : "words");
        }
    }

    void ends()
    {
        auto const& from = scenario_.sent_end;
        if (seen_.end) {
            auto const x = canvas_.x_of(seen_.end->at_ms);
            canvas_.line(from ? canvas_.x_of(from->at_ms) : x, sent_y, x, got_y, "close");
            canvas_.end_mark(x, got_y, seen_.end->how);
        }
        if (from)
            canvas_.end_mark(canvas_.x_of(from->at_ms), sent_y, from->how);
        else if (closed_ms_)
            canvas_.end_mark(canvas_.x_of(*closed_ms_), sent_y, seen_.end->how);
    }

    scenario const& scenario_;
    recording const& seen_;
    canvas canvas_;
    std::optional<double> closed_ms_;
};

}  // namespace

std::string lines_of(scenario const& s, recording const& seen)
{
    return lines(s, seen).draw();
}

std::string picture_of(scenario const& s)
{
    auto const seen = play(s);
    return s.drawn_as == scenario::view::curve ? curve_of(s, seen) : lines_of(s, seen);
}

}  // namespace aconite::docs
