#include "clients/experiment/load/open_loop.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace aconite::experiment {
namespace {

using boost::system::error_code;

// Behind so many that are due at once, answers are looked at.
constexpr int sent_at_once = 1'000;

time_point clock_now()
{
    return time_point::clock::now();
}

}  // namespace

open_loop::open_loop(generator_options const& how, channel_maker const& make, recorder& into)
    : how_(how),
      into_(into),
      work_(context_.get_executor()),
      due_(context_),
      deadline_(context_),
      grace_(context_),
      arrivals_(clock_now(), how.rate, how.poisson, how.seed)
{
    places_.resize(how.connections);
    for (std::size_t number = 0; number < places_.size(); ++number) {
        places_[number].on = make(
            context_, number, [this, number](std::string_view error) { on_done(number, error); });
        idle_.push_back(number);
    }
}

void open_loop::run()
{
    arm();
    context_.run();
}

void open_loop::end(std::chrono::milliseconds grace)
{
    boost::asio::post(context_, [this, grace] { on_end(grace); });
}

bool open_loop::more_to_come() const
{
    return !ending_ && (how_.count == 0 || arrivals_.next().number < how_.count);
}

void open_loop::arm()
{
    if (!more_to_come())
        return look_whether_over();
    due_.expires_at(arrivals_.next().due);
    due_.async_wait([this](error_code error) {
        if (!error)
            send_due();
    });
}

void open_loop::send_due()
{
    auto const now = clock_now();
    for (int sent = 0; sent < sent_at_once && more_to_come(); ++sent) {
        auto const what = arrivals_.next();
        if (what.due > now)
            break;
        arrivals_.take();
        if (!idle_.empty()) {
            auto const where = idle_.front();
            idle_.pop_front();
            begin(where, what);
            own_delay_.add(places_[where].sent - what.due);
        } else if (backlog_.size() < how_.max_backlog) {
            backlog_.push_back(what);
        } else {
            record(what, now, "not sent");
        }
    }
    arm();
}

void open_loop::begin(std::size_t where, ticket const& what)
{
    auto& at = places_[where];
    at.what = what;
    at.sent = clock_now();
    at.busy = true;
    while (!flights_.empty() && is_over(flights_.front()))
        flights_.pop_front();
    flights_.push_back({later(at.sent, how_.timeout), where, what.number});
    await_deadline();
    at.on->begin(what);
}

void open_loop::record(ticket const& what, time_point sent, std::string_view error)
{
    into_.add({what.due, sent, clock_now(), error.empty(), error});
}

void open_loop::on_done(std::size_t where, std::string_view error)
{
    auto& at = places_[where];
    if (!std::exchange(at.busy, false))
        return;
    record(at.what, at.sent, error);
    if (backlog_.empty()) {
        idle_.push_back(where);
        return look_whether_over();
    }
    auto const next = backlog_.front();
    backlog_.pop_front();
    begin(where, next);
}

bool open_loop::is_over(flight const& each) const
{
    auto const& at = places_[each.place];
    return !at.busy || at.what.number != each.number;
}

void open_loop::await_deadline()
{
    if (std::exchange(deadline_awaited_, true))
        return;
    deadline_.expires_at(flights_.front().deadline);
    deadline_.async_wait([this](error_code error) {
        if (!error)
            on_deadline();
    });
}

void open_loop::on_deadline()
{
    deadline_awaited_ = false;
    while (!flights_.empty()) {
        auto const first = flights_.front();
        auto const over = is_over(first);
        if (!over && first.deadline > clock_now())
            return await_deadline();
        flights_.pop_front();
        if (over)
            continue;
        places_[first.place].on->abandon();
        on_done(first.place, "timeout");
    }
}

void open_loop::on_end(std::chrono::milliseconds grace)
{
    ending_ = true;
    due_.cancel();
    auto const now = clock_now();
    for (auto const& each : std::exchange(backlog_, {}))
        record(each, now, "not sent");
    grace_.expires_after(grace);
    grace_.async_wait([this](error_code error) {
        if (!error)
            give_up();
    });
    look_whether_over();
}

void open_loop::give_up()
{
    for (std::size_t where = 0; where < places_.size(); ++where)
        if (places_[where].busy) {
            places_[where].on->abandon();
            on_done(where, "no answer by the end");
        }
}

void open_loop::look_whether_over()
{
    if (more_to_come() || !backlog_.empty() || idle_.size() < places_.size())
        return;
    running_ = false;
    if (ending_)
        context_.stop();
}

}  // namespace aconite::experiment
