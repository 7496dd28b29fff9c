#include "docs/generate/scenario.hpp"

#include "proxy/pipeline/draw.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string_view>

namespace aconite::docs {
namespace {

/// Some uptime, as a steady clock has.
constexpr time_point start{std::chrono::hours(1000)};

time_point time_of(double at_ms)
{
    return start + std::chrono::microseconds(static_cast<std::int64_t>(at_ms * 1000));
}

double ms_of(time_point at)
{
    return std::chrono::duration<double, std::milli>(at - start).count();
}

/// What is sent: no two places look alike, so that a byte in the wrong place is seen.
char byte_at(std::size_t offset)
{
    return static_cast<char>(mix(0, offset));
}

class player {
public:
    explicit player(scenario const& s) : scenario_(s) {}

    void add() { line_.apply({scenario_.toxic}, now_); }
    void remove() { line_.apply({}, now_); }
    void end(ending how) { line_.push_end(how, now_); }

    void send(std::size_t bytes)
    {
        if (!line_.accepts() || seen_.end)
            throw std::runtime_error("a message is sent that the toxic does not take");
        std::string text;
        for (std::size_t i = 0; i < bytes; ++i)
            text += byte_at(sent_bytes_ + i);
        sent_bytes_ += bytes;
        line_.push(slice::copy_of(text), now_);
    }

    /// Lets the time pass, up to `until`.
    void run(time_point until)
    {
        for (take(); line_.next_due() <= until; take())
            now_ = std::max(now_, line_.next_due());
        now_ = until;
    }

    recording finish()
    {
        seen_.holds = line_.held_bytes() > 0;
        return std::move(seen_);
    }

private:
    void take()
    {
        line_.advance(now_);
        while (!line_.front().empty()) {
            auto const bytes = std::min(line_.front().size(), left_of_message());
            arrived(line_.front().substr(0, bytes));
            line_.consume(bytes);
            line_.advance(now_);
        }
        if (!seen_.end && line_.ended())
            seen_.end = stream_end{ms_of(now_), *line_.ended()};
    }

    std::size_t left_of_message()
    {
        while (taken_of_message_ == scenario_.sent.at(message_).bytes) {
            ++message_;
            taken_of_message_ = 0;
        }
        return scenario_.sent[message_].bytes - taken_of_message_;
    }

    void arrived(std::string_view bytes)
    {
        std::size_t wrong = 0;
        for (char const c : bytes)
            wrong += c != byte_at(taken_bytes_++) ? 1 : 0;
        if (wrong > bytes.size() / 2)
            throw std::runtime_error("the stream has a hole, which cannot be drawn");
        taken_of_message_ += bytes.size();
        seen_.arrivals.push_back({ms_of(now_), message_, bytes.size(), wrong});
    }

    scenario const& scenario_;
    pipeline line_;
    time_point now_ = start;
    std::size_t sent_bytes_ = 0;
    std::size_t taken_bytes_ = 0;
    std::size_t message_ = 0;
    std::size_t taken_of_message_ = 0;
    recording seen_;
};

struct step {
    double at_ms;
    std::function<void(player&)> act;
};

std::vector<step> steps_of(scenario const& s)
{
    std::vector<step> steps{{s.added_ms, &player::add}};
    for (auto const& m : s.sent)
        steps.push_back({m.at_ms, [&m](player& p) { p.send(m.bytes); }});
    if (s.sent_end)
        steps.push_back({s.sent_end->at_ms, [&s](player& p) { p.end(s.sent_end->how); }});
    if (s.removed_ms)
        steps.push_back({*s.removed_ms, &player::remove});
    std::ranges::stable_sort(steps, {}, &step::at_ms);
    return steps;
}

}  // namespace

recording play(scenario const& s)
{
    player stage(s);
    for (auto const& next : steps_of(s)) {
        stage.run(time_of(next.at_ms));
        next.act(stage);
    }
    stage.run(time_of(s.until_ms));
    return stage.finish();
}

}  // namespace aconite::docs
