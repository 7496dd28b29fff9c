#include "proxy/forwarding/session.hpp"

#include "proxy/forwarding/shard.hpp"
#include "proxy/net/socket_option.hpp"
#include "proxy/record/log_record.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <iterator>
#include <string_view>
#include <utility>

namespace aconite {
namespace {

/// How long a connection counts as one that may be over soon.
constexpr std::chrono::seconds young_for{1};

}  // namespace

session::session(shard& home, route& where, std::shared_ptr<route_info const> info,
                 unique_fd client, std::uint64_t id, arrival came)
    : home_(home),
      route_(where),
      info_(std::move(info)),
      id_(id),
      facts_(std::move(came.facts)),
      approach_(new approach{{home, info_->target, {info_->id, std::move(came.trail)}},
                             std::move(came.delayed_by)})
{
    client_.renew(std::move(client));
}

void session::start(time_point now)
{
    accepted_at_ = now;
    auto const& info = *info_;
    if (home_.tells(log_level::info))
        tell(home_.log(), log_level::info, "Accepted client",
             {{"name", info.name},
              {"listen", info.listen},
              {"upstream", info.target.text},
              {"client", facts_.client.text()}});
    if (home_.watch(client_) != 0) {
        close(ending::reset);
        return;
    }
    serve(now);
}

/// Dials, once no toxic delays it any more.
void session::serve(time_point now)
{
    if (!approach_->delayed_by.empty()) {
        auto const delay = delay_of(route_.toxics->in_force()->attempts, approach_->delayed_by);
        if (auto const due = later(accepted_at_, delay); due > now) {
            home_.wake(*this, due);
            return;
        }
    }
    approach_->delayed = false;
    approach_->began = now;
    auto const deadline = later(now, info_->rules.dial_timeout);
    home_.wake(*this, deadline);
    approach_->upstream.start(deadline,
                              [this](dialled_socket made) { on_dialled(std::move(made)); });
}

void session::on_dialled(dialled_socket socket)
{
    if (!socket.fd) {
        dial_failed(approach_->upstream.error(), approach_->upstream.error_number());
        return;
    }
    mark_ = std::move(socket.mark);
    server_.renew(std::move(socket.fd));
    if (int const error = home_.watch(server_); error != 0) {
        dial_failed("dial tcp " + info_->target.text + ": " + errno_text(error), error);
        return;
    }
    server_.writable = true;
    open(home_.now());
}

void session::on_alarm(time_point now)
{
    if (!approach_)
        look_at_age(now);
    else if (approach_->delayed)
        serve(now);
    else
        dial_failed(approach_->upstream.timeout_text(), ETIMEDOUT);
}

void session::dial_failed(std::string const& text, int error)
{
    auto const& info = *info_;
    tell(home_.log(), log_level::error, "Unable to open connection to upstream",
         {{"name", info.name},
          {"listen", info.listen},
          {"upstream", info.target.text},
          {"client", facts_.client.text()},
          {"error", text}});
    meter().dial_errors.add(1);
    auto failed = entry(record_kind::dial_failed);
    failed.client = facts_.client;
    failed.took = home_.now() - approach_->began;
    // The reason stands at the end.
    failed.say(
        std::string_view(text).substr(text.size() - std::min(text.size(), std::size(failed.text))));
    home_.write(failed);
    // An upstream may accept and reset before anybody has looked at the connection.
    close(error == ECONNRESET ? ending::reset : ending::close);
}

void session::open(time_point now)
{
    auto opened = entry(record_kind::open);
    opened.client = facts_.client;
    opened.took = now - approach_->began;
    approach_.reset();
    meter().dials.add(opened.took);
    home_.write(opened);
    if (auto const* protocol = info_->protocol)
        talk_ = std::make_unique<talk>(*this, *protocol, info_->common);
    take_toxics(now);
    home_.wake(*this, later(now, young_for));
    pump(now);
}

void session::on_ready(std::uint32_t events)
{
    if (closed_)
        return;
    if (!approach_) {
        if (up_.bulk() || down_.bulk()) {
            pump_later();
        } else {
            home_.expect_messages();
            pump(home_.now());
        }
        return;
    }
    // It is the client's. One that gave up needs no upstream; one that only half closed does.
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        blame(ended_by::client, ending::reset);
        close(ending::close);
    }
}

void session::apply(time_point now)
{
    if (!closed_ && approach_ && approach_->delayed) {
        serve(now);
        return;
    }
    if (closed_ || approach_)
        return;
    take_toxics(now);
    pump_later();
}

void session::take_toxics(time_point now)
{
    auto const toxics = route_.toxics->in_force();
    up_.apply(*toxics, now);
    down_.apply(*toxics, now);
    if (talk_)
        talk_->apply(*toxics, now);
}

void session::pump(time_point now)
{
    if (closed_ || approach_)
        return;
    bool const more_up = up_.pump(now);
    bool const more_down = down_.pump(now);
    if (more_up || more_down)
        pump_later();
}

grant_book& session::grants()
{
    if (!grants_)
        grants_ = std::make_unique<grant_book>();
    return *grants_;
}

void session::pump_later()
{
    if (!closed_ && !std::exchange(queued_, true))
        home_.pump_later(*this);
}

void session::on_link_end(link& which, ending how)
{
    if (how == ending::half_close && !other(which).done()) {
        (&which == &up_ ? server_ : client_).shut_write();
        auto const limit = info_->rules.half_closed_limit;
        if (!young_ && limit.count() > 0)
            home_.wake(*this, later(home_.now(), limit));
        return;
    }
    close(how);
}

/// The upstream's socket gets its keep-alive only once the connection has lasted: most do not, and
/// it takes three calls.
void session::look_at_age(time_point now)
{
    auto const& rules = info_->rules;
    if (std::exchange(young_, false))
        keep_alive(server_.fd.get(), rules.keep_alive);
    if ((up_.done() || down_.done()) && rules.half_closed_limit.count() > 0)
        look_at_half_closed(now);
}

/// One direction is over. Who leaves the other one idle for too long has overlooked it; a reset
/// tells both sides that this is no proper end.
void session::look_at_half_closed(time_point now)
{
    duration const limit = info_->rules.half_closed_limit;
    auto const idle = (up_.done() ? down_ : up_).idle_time();
    if (idle < limit) {
        home_.wake(*this, later(now, limit - idle));
        return;
    }
    cause_ = {ended_by::proxy, ending::reset, true, 0, "half-closed, then idle for too long"};
    close(ending::reset);
}

void session::close(ending how)
{
    if (std::exchange(closed_, true))
        return;
    if (talk_)
        talk_->close();
    up_.abandon();
    down_.abandon();
    auto ended = entry(record_kind::close);
    ended.by = cause_.by;
    ended.end = cause_.how;
    ended.ends = true;
    ended.toxic = cause_.toxic;
    ended.say(cause_.why);
    ended.offset = up_.received_bytes();
    ended.bytes = down_.received_bytes();
    ended.took = ended.at - accepted_at_;
    home_.wake(*this, never);
    approach_.reset();
    if (how == ending::reset) {
        client_.close_with_reset();
        server_.close_with_reset();
    } else if (how == ending::half_close) {  // the second: all was read, and closing sends a FIN
        client_.fd.reset();
        server_.fd.reset();
    } else {
        client_.close_politely(home_.buffer().space());
        server_.close_politely(home_.buffer().space());
    }
    mark_.reset();
    home_.retire(*this);
    home_.write(ended);  // who reads it finds it gone
}

}  // namespace aconite
