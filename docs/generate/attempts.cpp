// Who connects and who is served: for each toxic a line of time above for the clients and one below
// for the server.

#include "docs/generate/canvas.hpp"
#include "docs/generate/picture.hpp"

#include "proxy/admission/attempts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace aconite::docs {
namespace {

constexpr double first_row_y = 58;
constexpr double attempt_height = 134;
constexpr double client_y = 38;  ///< this and the next from the top of the row
constexpr double server_y = 86;

double ms_of(duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

/// A SYN of a client.
struct knock {
    std::size_t client = 0;
    std::size_t number = 0;  ///< how many went before it
};

class row_drawing {
public:
    row_drawing(attempt_scenario const& s, attempt_row const& row, canvas& on, double top)
        : scenario_(s), row_(row), canvas_(on), client_y_(top + client_y), server_y_(top + server_y)
    {
        canvas_.text(row_start, top + 4, row.toxic_text, "start", "toxic");
        lane(client_y_, "client connects");
        lane(server_y_, "server serves");
    }

    /// Lets one SYN after the other knock.
    void draw()
    {
        for (std::size_t i = 0; i < row_.clients.size(); ++i)
            due_.emplace(row_.clients[i].at_ms, knock{i, 0});
        while (!due_.empty() && due_.begin()->first <= scenario_.frame.until_ms) {
            auto const [at_ms, who] = *due_.begin();
            due_.erase(due_.begin());
            arrive(at_ms, who);
        }
    }

private:
    static constexpr double row_start = 16;

    void lane(double y, std::string_view name)
    {
        canvas_.text(canvas::left - 12, y + 4, name, "end", "strong");
        canvas_.line(canvas::left, y, canvas::right, y, "lane");
    }

    [[nodiscard]] std::span<planned_toxic const> in_force(double at_ms) const
    {
        bool const there = at_ms >= scenario_.frame.added_ms &&
                           at_ms < scenario_.frame.removed_ms.value_or(scenario_.frame.until_ms);
        return {&row_.toxic, there ? 1U : 0U};
    }

    void arrive(double at_ms, knock const& who)
    {
        auto const live = static_cast<std::uint64_t>(
            std::ranges::count_if(gone_ms_, [&](double gone) { return gone > at_ms; }));
        auto const x = canvas_.x_of(at_ms);
        switch (door_for(in_force(at_ms), live)) {
        case door_state::silent:
            not_answered(x, who);
            break;
        case door_state::refusing:
            canvas_.end_mark(x, client_y_, ending::reset);
            above(x, "refused");
            break;
        case door_state::open:
            accept(at_ms, who, live);
            break;
        }
        canvas_.dot(x, client_y_, who.client);
    }

    void not_answered(double x, knock const& who)
    {
        auto const y = client_y_ + 22;
        canvas_.slant(x, client_y_, x, y, who.client);
        canvas_.cross(x, y);
        above(x, who.number == 0 ? "SYN" : "SYN again");
        if (who.number < scenario_.syn_again_ms.size())
            due_.emplace(row_.clients[who.client].at_ms + scenario_.syn_again_ms[who.number],
                         knock{who.client, who.number + 1});
    }

    void accept(double at_ms, knock const& who, std::uint64_t live)
    {
        connection_facts const facts{.ordinal = accepted_++, .beside = live};
        auto const met = receive(in_force(at_ms), facts);
        above(canvas_.x_of(at_ms), "connected");
        if (met.reset) {
            canvas_.end_mark(canvas_.x_of(at_ms), client_y_, ending::reset);
            return;
        }
        auto const gone_ms = at_ms + row_.clients[who.client].stays_ms;
        gone_ms_.push_back(gone_ms);
        auto const x = canvas_.x_of(served(at_ms, met.delayed_by));
        canvas_.slant(canvas_.x_of(at_ms), client_y_, x, server_y_, who.client);
        life(x, gone_ms, who.client);
        canvas_.dot(x, server_y_, who.client);
    }

    /// When the server is dialled: with the toxic goes what is left of the delay.
    [[nodiscard]] double served(double at_ms, std::span<std::uint64_t const> delayed_by) const
    {
        auto delay = delay_of(in_force(at_ms), delayed_by);
        auto const due = [&] { return at_ms + ms_of(delay); };
        auto const removed_ms = scenario_.frame.removed_ms;
        if (!removed_ms || at_ms >= *removed_ms || due() <= *removed_ms)
            return due();
        delay = delay_of(in_force(*removed_ms), delayed_by);
        return std::max(*removed_ms, due());
    }

    /// A line below the server's for as long as the connection lives.
    void life(double from_x, double gone_ms, std::size_t client)
    {
        auto const y = server_y_ + 7 * static_cast<double>(gone_ms_.size());
        auto const end = canvas_.x_of(std::min(gone_ms, scenario_.frame.until_ms));
        canvas_.slant(from_x, server_y_, from_x, y, client);
        canvas_.slant(from_x, y, end, y, client);
        if (gone_ms < scenario_.frame.until_ms)
            canvas_.line(end, y - 4, end, y + 4, "stop");
    }

    void above(double x, std::string_view words)
    {
        canvas_.text(x, client_y_ - 12, words, "middle");
    }

    attempt_scenario const& scenario_;
    attempt_row const& row_;
    canvas& canvas_;
    double client_y_;
    double server_y_;
    std::multimap<double, knock> due_;  ///< by time
    std::vector<double> gone_ms_;       ///< of each who was let in
    std::uint64_t accepted_ = 0;
};

}  // namespace

std::string picture_of(attempt_scenario const& s)
{
    auto const rows = static_cast<double>(s.rows.size());
    canvas on(s.frame, first_row_y + rows * attempt_height);
    for (std::size_t i = 0; i < s.rows.size(); ++i)
        row_drawing(s, s.rows[i], on, first_row_y + static_cast<double>(i) * attempt_height).draw();
    return on.finish();
}

}  // namespace aconite::docs
