// The two lanes of a session: what came, what waits, what goes on.
#include "toxics/postgres/follower.hpp"

#include "toxics/postgres/frames.hpp"
#include "toxics/postgres/run.hpp"

#include <algorithm>
#include <utility>

namespace aconite::postgres {

follower::~follower()
{
    if (!key_.empty())
        keys_->forget(key_);
}

void follower::on_data(stream on, std::string_view bytes, conversation_context& link)
{
    if (on == stream::upstream && over_)
        return;
    auto& l = of(on);
    if (l.waits != wait::none) {
        l.waiting.append(bytes);
        return;
    }
    if (l.waiting.empty()) {
        auto const seen = feed(on, bytes, link);
        l.waiting.append(bytes.substr(seen));
    } else {
        l.waiting.append(bytes);
        l.waiting.drop(feed(on, l.waiting.view(), link));
    }
    finish_lane(on, link);
    let_go(link);
}

/// Looks at the messages in `bytes`. How much of them is done with.
std::size_t follower::feed(stream on, std::string_view bytes, conversation_context& link)
{
    run now(runs_[static_cast<std::size_t>(on)], on, bytes, link);
    auto& l = of(on);
    while (!now.rest().empty() && l.waits == wait::none) {
        if (l.over) {
            now.drop(now.rest().size());
            break;
        }
        if (gave_up_ && !l.drops()) {
            now.pass(now.rest().size());
            break;
        }
        if (l.rest == 0) {
            std::uint64_t size = 0;
            auto const what = on == stream::upstream ? on_client(now.rest(), size, link)
                                                     : on_server(now.rest(), size, link);
            if (what == verdict::more || what == verdict::hold)
                break;
            if (gave_up_)
                continue;
            l.rest = l.cut_after ? *std::exchange(l.cut_after, {}) : size;
            l.drops_rest = what == verdict::drop;
        }
        auto const part =
            static_cast<std::size_t>(std::min<std::uint64_t>(l.rest, now.rest().size()));
        l.drops_rest ? now.drop(part) : now.pass(part);
        l.rest -= part;
        l.seen += part;
        if (l.rest == 0)
            behind_message(on, link);
    }
    now.flush();
    return now.seen();
}

/// One has gone by, and what had to wait for that may happen.
void follower::behind_message(stream on, conversation_context& link)
{
    auto& l = of(on);
    if (l.cut)
        cut(on, *l.cut, l.cut_by, link);
    settle(link);
    if (std::exchange(may_resume_, false))
        resume(stream::upstream, link);
}

void follower::resume(stream on, conversation_context& link)
{
    auto& l = of(on);
    l.waits = wait::none;
    l.until = never;
    on_data(on, {}, link);
}

follower::verdict follower::hold(stream on, wait why, toxic_version const& toxic, time_point until,
                                 conversation_context& link)
{
    auto& l = of(on);
    l.waits = why;
    l.toxic = toxic;
    l.until = until;
    set_alarm(link);
    return verdict::hold;
}

void follower::set_alarm(conversation_context& link)
{
    auto next = never;
    for (auto const& each : lanes_)
        if (each.waits == wait::time)
            next = std::min(next, each.until);
    link.wake_at(next);
}

/// Ahead of the message that is looked at.
void follower::put(stream on, std::string_view bytes, conversation_context& link)
{
    if (auto* const now = runs_[static_cast<std::size_t>(on)])
        now->flush();
    link.send(on, bytes);
}

/// Behind what has passed so far.
void follower::cut(stream on, ending how, std::uint64_t toxic, conversation_context& link)
{
    put(on, {}, link);
    of(on).over = true;
    link.end(on, how, toxic);
}

void follower::on_end(stream on, ending how, conversation_context& link)
{
    if (how == ending::reset) {
        link.end(on, how, 0);
        return;
    }
    of(on).ended = how;
    if (of(on).waits == wait::none)
        finish_lane(on, link);
    // A client that waits for the server's word waits in vain.
    if (on == stream::downstream && of(stream::upstream).waits == wait::ready) {
        gave_up_ = true;
        resume(stream::upstream, link);
    }
}

/// A part of a message that ends in the middle goes on as it is.
void follower::finish_lane(stream on, conversation_context& link)
{
    auto& l = of(on);
    if (!l.ended || l.waits != wait::none)
        return;
    if (!l.over)
        put(on, l.waiting.view(), link);
    l.waiting = {};
    link.end(on, *std::exchange(l.ended, {}), 0);
}

void follower::on_alarm(conversation_context& link)
{
    for (auto const on : {stream::upstream, stream::downstream})
        if (of(on).waits == wait::time && of(on).until <= link.now())
            resume(on, link);
    set_alarm(link);
}

void follower::on_change(conversation_context& link)
{
    for (auto const on : {stream::upstream, stream::downstream}) {
        auto const& l = of(on);
        bool const by_toxic = l.waits == wait::time || l.waits == wait::toxic;
        if (by_toxic && !link.lives(l.toxic))
            resume(on, link);
    }
    set_alarm(link);
}

/// From here on bytes, no more.
void follower::give_up(std::string_view why, conversation_context& link)
{
    gave_up_ = true;
    why_ = why;
    for (auto const on : {stream::upstream, stream::downstream})
        if (runs_[static_cast<std::size_t>(on)] == nullptr)
            resume(on, link);
    let_go(link);
}

/// Of a connection that it gave up, once nothing of it has to be dropped any more.
void follower::let_go(conversation_context& link)
{
    if (why_.empty() || std::ranges::any_of(lanes_, &lane::drops))
        return;
    link.give_up(std::exchange(why_, {}));
}

std::size_t follower::held_bytes(stream on) const
{
    // A client that asks for more and more before it reads the answers has to wait.
    auto const asked_bytes = on == stream::upstream ? asked_.size() * sizeof(asked) : 0;
    return of(on).waiting.size() + asked_bytes;
}

std::uint64_t follower::unseen_bytes(stream on) const
{
    auto const& l = of(on);
    bool const passes = l.waits == wait::none && l.waiting.empty() && !l.drops_rest && !l.cut;
    // All but the last byte, behind which something may have to happen.
    return passes && l.rest > 0 ? l.rest - 1 : 0;
}

void follower::on_unseen(stream on, std::uint64_t count)
{
    of(on).rest -= count;
    of(on).seen += count;
}

}  // namespace aconite::postgres
