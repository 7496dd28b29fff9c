#include "proxy/forwarding/talk.hpp"

#include "proxy/forwarding/session.hpp"
#include "proxy/forwarding/shard.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace aconite {
namespace {

/// How much may be kept of a stream before its reader stops.
constexpr std::size_t held_bytes_max = 256 * 1024;

std::size_t index_of(stream s)
{
    return static_cast<std::size_t>(s);
}

}  // namespace

/// One call of the conversation. Behind it, who gave up is let go of, and who had to wait for
/// room reads on.
class talk::turn {
public:
    turn(talk& owner, time_point now) : owner_(owner) { owner_.now_ = std::max(owner_.now_, now); }
    ~turn()
    {
        if (std::exchange(owner_.gave_up_, false))
            owner_.mind_.reset();
        bool has_room = false;
        for (auto const on : {stream::upstream, stream::downstream}) {
            auto& full = owner_.full_[index_of(on)];
            bool const was_full = std::exchange(full, owner_.is_full(on));
            has_room = has_room || (was_full && !full);
        }
        if (has_room)
            owner_.owner_.pump_later();
    }
    turn(turn const&) = delete;
    turn& operator=(turn const&) = delete;

private:
    talk& owner_;
};

talk::talk(session& owner, protocol_type const& protocol,
           std::shared_ptr<protocol_common> const& common)
    : owner_(owner), protocol_(protocol), mind_(protocol.make(common))
{}

void talk::apply(plan const& next, time_point now)
{
    if (!mind_)
        return;
    rules_.apply(next.draw_operations(owner_.facts(), owner_.home().index()), now);
    turn const call(*this, now);
    mind_->on_change(*this);
}

void talk::on_data(stream on, std::string_view bytes, time_point now)
{
    if (!mind_) {
        owner_.to(on).leave_talk(bytes);
        return;
    }
    turn const call(*this, now);
    mind_->on_data(on, bytes, *this);
}

void talk::on_end(stream on, ending how, time_point now)
{
    if (!mind_) {
        owner_.to(on).end_talk(how);
        return;
    }
    turn const call(*this, now);
    mind_->on_end(on, how, *this);
}

void talk::on_alarm(time_point now)
{
    if (mind_) {
        turn const call(*this, now);
        mind_->on_alarm(*this);
    }
    owner_.pump(now);
    owner_.home().look_at_mail();
}

bool talk::accepts(stream on) const
{
    return !full_[index_of(on)];
}

bool talk::is_full(stream on) const
{
    return mind_ && mind_->held_bytes(on) >= held_bytes_max;
}

std::size_t talk::held_bytes() const
{
    return mind_ ? mind_->held_bytes(stream::upstream) + mind_->held_bytes(stream::downstream) : 0;
}

std::uint64_t talk::unseen_bytes(stream on) const
{
    return mind_ ? mind_->unseen_bytes(on) : std::numeric_limits<std::uint64_t>::max();
}

void talk::on_unseen(stream on, std::uint64_t count)
{
    if (mind_)
        mind_->on_unseen(on, count);
}

void talk::close()
{
    closed_ = true;
    owner_.home().wake(*this, never);
}

void talk::send(stream on, std::string_view bytes)
{
    if (!closed_ && !bytes.empty())
        owner_.to(on).leave_talk(bytes);
}

void talk::end(stream on, ending how, std::uint64_t toxic)
{
    if (closed_)
        return;
    if (toxic != 0)
        owner_.blame(ended_by::toxic, how, toxic);
    owner_.to(on).end_talk(how);
}

void talk::wake_at(time_point at)
{
    if (!closed_)
        owner_.home().wake(*this, at);
}

operation_ruling talk::ask(operation const& what)
{
    return rules_.ask(what, {now_, owner_.beside()});
}

void talk::tell(std::uint64_t toxic, operation const& what, std::string_view how)
{
    owner_.record_operation(toxic, protocol_, what, 0, {}, how);
}

void talk::on_hit(std::uint64_t toxic, operation const& what, duration delay)
{
    owner_.record_operation(toxic, protocol_, what, 1, delay, {});
}

std::optional<server_place> talk::place_of(std::int64_t broker, server_place const& there)
{
    return owner_.place_of(broker, there);
}

std::optional<server_place> talk::place_at(server_place const& there)
{
    return owner_.place_of(std::nullopt, there);
}

std::optional<server_place> talk::server() const
{
    return owner_.server_place_now();
}

void talk::tell_bypass(std::string_view where)
{
    owner_.record_bypass(where);
}

void talk::tell_unknown(std::string_view what)
{
    owner_.record_unknown(what);
}

void talk::give_up(std::string_view why)
{
    gave_up_ = true;
    owner_.record_not_followed(why);
}

}  // namespace aconite
