#include "proxy/forwarding/listener.hpp"

#include "proxy/forwarding/shard.hpp"
#include "proxy/net/address.hpp"
#include "proxy/record/log_record.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace aconite {
namespace {

/// How long to wait for descriptors or memory to become free.
constexpr std::chrono::milliseconds retry_after{50};

/// Who is turned away is told in the log no more often than that.
constexpr std::chrono::seconds log_pause{1};

/// Accepted in one turn before the sessions get theirs.
constexpr int turn_accepts = 64;

}  // namespace

listener::listener(shard& home, shard_list const& shards, std::shared_ptr<route_info const> info,
                   std::shared_ptr<plan_board const> toxics, std::shared_ptr<live_count> live,
                   std::shared_ptr<sharded<proxy_meter>> meters, unique_fd socket,
                   std::shared_ptr<std::atomic<std::uint64_t>> ordinals)
    : home_(home),
      shards_(shards),
      info_(std::move(info)),
      toxics_(std::move(toxics)),
      live_(std::move(live)),
      meters_(std::move(meters)),
      door_(std::move(socket)),
      ordinals_(std::move(ordinals))
{}

void listener::start()
{
    port_ = address::local_of(door_.fd()).ip().port;
    home_.own_dials().take_port(port_);
    look_at_door();
}

void listener::close()
{
    home_.wake(*this, never);
    home_.own_dials().give_back_port(port_);
    door_.close();
}

std::int64_t listener::broker() const
{
    return info_->broker;
}

void listener::look_at_door()
{
    plan_ = toxics_->in_force();
    serve();
}

void listener::on_io(std::uint32_t)
{
    serve();
}

void listener::on_alarm(time_point)
{
    serve();
}

void listener::serve()
{
    if (door_.fd() < 0)
        return;
    if (!watched_) {
        if (int const error = home_.watch(door_.fd(), *this); error != 0) {
            accept_failed(error);
            return;
        }
        watched_ = true;
    }
    for (int i = 0; i < turn_accepts; ++i) {
        if (!may_accept())
            return;
        address from;
        auto client = door_.accept(from);
        if (!client) {
            if (errno == EAGAIN)
                return;
            if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO)
                continue;
            accept_failed(errno);
            return;
        }
        short_of_resources_ = false;
        admit(std::move(client), from);
    }
    home_.wake(*this, home_.now());
}

/// Puts the door in the state that is due, and says whether it is open.
bool listener::may_accept()
{
    auto due = door_for(plan_->attempts, live_->value());
    if (due != door_for(plan_->attempts, 0)) {
        live_->await_end();
        due = door_for(plan_->attempts, live_->value());
    }
    if (int const error = door_.set(due); error != 0) {
        accept_failed(error);
        return false;
    }
    if (due != door_state::open)
        short_of_resources_ = false;
    if (std::exchange(shown_, due) != due)
        for (auto const* toxic : who_sets(plan_->attempts, due, live_->value()))
            record(*toxic, {}, false);
    return due == door_state::open;
}

/// `on_connection`: it was accepted.
void listener::record(planned_toxic const& toxic, journal_entry what, bool on_connection)
{
    what.at = home_.now();
    what.kind = record_kind::hit;
    what.proxy = info_->id;
    what.toxic = toxic.id;
    what.hits = 1;
    home_.write(what);
    if (toxic.meters)
        toxic.meters->of(home_.index()).hit(what.at, 1, on_connection);
}

void listener::admit(unique_fd client, address const& from)
{
    connection_facts who{ordinals_->fetch_add(1, std::memory_order_relaxed), from.ip(),
                         plan_->label, live_->value(), info_->broker};
    meters_->of(home_.index()).accepted.add(1);
    if (!home_.room().has_for_client(client.get())) {
        turn_away(std::move(client), who, "too many open files: the rest is reserved");
        return;
    }
    auto trail = home_.own_dials().trail_of(who.client, port_);
    if (std::ranges::find(trail, info_->id) != trail.end()) {
        turn_away(std::move(client), who, "upstream leads back to this proxy");
        return;
    }
    auto met = receive(plan_->attempts, who);
    for (auto const* toxic : met.hits) {
        auto const fault = toxic->type->attempts(toxic->values);
        journal_entry what;
        what.ordinal = who.ordinal;
        what.ends = fault.mode == attempt_mode::reset;
        what.end = ending::reset;
        what.took = fault.mode == attempt_mode::delay ? fault.delay : duration{};
        record(*toxic, what, true);
    }
    if (met.reset) {
        meters_->of(home_.index()).refused.add(1);
        close_with_reset(client);
        return;
    }
    live_->enter();
    arrival came{std::move(who), std::move(met.delayed_by), std::move(trail)};
    auto const& target =
        *std::ranges::min_element(shards_, {}, [](auto const& each) { return each->load(); });
    target->expect_session();
    if (target.get() == &home_)
        home_.adopt(info_, std::move(client), std::move(came));
    else
        target->post([to = target.get(), info = info_, came = std::move(came),
                      fd = std::move(client)]() mutable {
            to->adopt(std::move(info), std::move(fd), std::move(came));
        });
}

/// With a reset: where it came through proxies, that ends all of its way at once.
void listener::turn_away(unique_fd client, connection_facts const& who, std::string_view why)
{
    close_with_reset(client);
    meters_->of(home_.index()).dial_errors.add(1);
    journal_entry what;
    what.at = home_.now();
    what.kind = record_kind::dial_failed;
    what.proxy = static_cast<std::uint32_t>(info_->id);
    what.ordinal = who.ordinal;
    what.client = who.client;
    what.say(why);
    home_.write(what);
    if (what.at < quiet_until_) {
        ++unlogged_;
        return;
    }
    quiet_until_ = later(what.at, log_pause);
    tell(home_.log(), log_level::error, "Turned client away",
         {{"name", info_->name},
          {"listen", info_->listen},
          {"upstream", info_->target.text},
          {"client", who.client.text()},
          {"error", why},
          {"unlogged", std::to_string(std::exchange(unlogged_, 0))}});
}

/// Out of descriptors or memory: say so once, try again soon; the clients wait in the backlog.
void listener::accept_failed(int error)
{
    if (!std::exchange(short_of_resources_, true))
        tell(home_.log(), log_level::error, "Unable to accept client, will retry",
             {{"name", info_->name}, {"listen", info_->listen}, {"error", errno_text(error)}});
    home_.wake(*this, later(home_.now(), retry_after));
}

}  // namespace aconite
