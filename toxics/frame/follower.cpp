// What is read of a connection, and what goes on.
#include "toxics/frame/follower.hpp"

#include <algorithm>
#include <utility>

namespace aconite::frame {
namespace {

constexpr stream both_streams[] = {stream::upstream, stream::downstream};

}  // namespace

follower::follower(std::shared_ptr<framing const> how)
    : how_(std::move(how)), sides_{side(*how_, how_->skip[0]), side(*how_, how_->skip[1])}
{}

/// What goes on as it came is sent in runs as long as they can be.
void follower::on_data(stream on, std::string_view bytes, conversation_context& link)
{
    auto& s = of(on);
    std::size_t sent = 0;
    std::size_t at = 0;
    std::size_t from = 0;  // where the frame begins that is read, as far as it is not held
    while (at < bytes.size() && !s.over) {
        if (!s.reader.is_begun()) {
            from = at;
            if (begin(on, bytes.substr(sent, at - sent), link))
                sent = at;
            if (s.over)
                break;
        }
        at += s.reader.feed(bytes.substr(at));
        if (s.reader.is_bad()) {
            give_up(on, bytes.substr(sent), link);
            return;
        }
        auto const size = s.held.size() + at - from;
        if (s.becomes == fate::open && (s.reader.is_whole() || size >= held_bytes_max)) {
            bool const is_here = s.held.empty();
            if (!is_here)
                s.held.append(bytes.substr(from, at - from));
            auto const whole = is_here ? bytes.substr(from, at - from) : s.held;
            bool const passes = rule(on, whole, bytes.substr(sent, from - sent), link);
            if (passes && !is_here)
                put(on, s.held, link);
            if (!passes || !is_here)
                sent = at;
            s.held.clear();
        } else if (s.becomes == fate::drop) {
            sent = at;
        }
        if (s.reader.is_whole()) {
            if (s.late || s.end) {
                put(on, bytes.substr(sent, at - sent), link);
                sent = at;
            }
            finish(on, link);
        }
    }
    if (!s.over && s.becomes == fate::open && s.reader.is_begun()) {
        s.held.append(bytes.substr(from));
        s.held_until = later(link.now(), how_->wait);
        at = from;
    }
    if (at > sent)
        put(on, bytes.substr(sent, at - sent), link);
    let_go(link);
}

/// A frame begins, behind `before`. Whether it is an answer that is lost: then `before` has gone
/// on.
bool follower::begin(stream on, std::string_view before, conversation_context& link)
{
    auto& s = of(on);
    s.becomes = link.asks(on) && !s.reader.is_preamble() ? fate::open : fate::pass;
    if (on == stream::upstream || s.reader.is_preamble())
        return false;
    auto const lost = take_loss();
    if (!lost)
        return false;
    put(on, before, link);
    s.becomes = fate::drop;
    if (lost->what->ends()) {
        disconnect(on, lost->what->cut, link.now(), lost->toxic.id);
        last_lost_ = lost;
    }
    return true;
}

/// A frame is over.
void follower::finish(stream on, conversation_context& link)
{
    auto& s = of(on);
    s.offset += s.reader.seen();
    s.ordinal += s.reader.is_preamble() ? 0 : 1;
    if (s.late && s.becomes == fate::pass && --s.late->others == 0)
        put_late(on, link);
    if (s.end)
        disconnect(on, s.end->how, s.end->due, s.end->toxic);
    s.end.reset();
    s.becomes = fate::pass;
    s.reader.restart();
}

/// Behind what waits.
void follower::put(stream on, std::string_view bytes, conversation_context& link)
{
    if (bytes.empty())
        return;
    auto& out = of(on).out;
    if (out.empty())
        link.send(on, bytes);
    else
        out.put(bytes, link.now(), {});
}

void follower::put_late(stream on, conversation_context& link)
{
    auto const late = std::exchange(of(on).late, std::nullopt);
    put(on, late->bytes, link);
}

/// All that is kept goes on, and `rest`.
void follower::give_up(stream on, std::string_view rest, conversation_context& link)
{
    auto const other = on == stream::upstream ? stream::downstream : stream::upstream;
    for (auto const each : {other, on}) {
        auto& s = of(each);
        s.out.let_all_go(each, link);
        if (s.late)
            link.send(each, s.late->bytes);
        link.send(each, s.held);
    }
    link.send(on, rest);
    link.wake_at(never);
    link.give_up(on == stream::upstream ? "what the client sends has no such frames"
                                        : "what the server sends has no such frames");
}

void follower::let_go(conversation_context& link)
{
    auto next = never;
    for (auto const on : both_streams) {
        auto& s = of(on);
        if (!s.held.empty() && s.held_until <= link.now())
            let_part_go(on, link);
        if (s.late && (s.late->until <= link.now() || !link.lives(s.late->toxic)))
            put_late(on, link);
        s.out.let_go(on, link, [&](lost_reply_ptr const& loss) { next_lost_ = loss; });
        next = std::min({next, s.out.next(), s.late ? s.late->until : never,
                         s.held.empty() ? never : s.held_until});
    }
    link.wake_at(next);
}

/// What is held of a frame passes, and its rest will.
void follower::let_part_go(stream on, conversation_context& link)
{
    auto& s = of(on);
    s.becomes = fate::pass;
    put(on, std::exchange(s.held, {}), link);
}

/// What is not whole goes on as it is.
void follower::on_end(stream on, ending how, conversation_context& link)
{
    auto& s = of(on);
    if (std::exchange(s.over, true))
        return;
    if (s.becomes != fate::drop)
        put(on, std::exchange(s.held, {}), link);
    if (s.late)
        put_late(on, link);
    if (how == ending::half_close && !s.out.empty()) {
        s.out.put_end(how, link.now(), 0);
        return;
    }
    s.out.let_all_go(on, link);
    link.end(on, how, 0);
}

void follower::on_alarm(conversation_context& link)
{
    let_go(link);
}

void follower::on_change(conversation_context& link)
{
    for (auto const on : both_streams) {
        auto& s = of(on);
        if (s.becomes != fate::open || link.asks(on))
            continue;
        let_part_go(on, link);
    }
    forget_losses(link);
    let_go(link);
}

std::size_t follower::held_bytes(stream on) const
{
    auto const& s = of(on);
    return s.held.size() + s.out.held_bytes() + (s.late ? s.late->bytes.size() : 0);
}

std::uint64_t follower::unseen_bytes(stream on) const
{
    auto const& s = of(on);
    bool const passes = s.becomes == fate::pass && s.reader.is_begun() && s.out.empty() &&
                        !s.late && !s.end && !s.over;
    return passes && s.reader.size() ? *s.reader.size() - s.reader.seen() : 0;
}

void follower::on_unseen(stream on, std::uint64_t count)
{
    auto& s = of(on);
    s.reader.skip(count);
    if (!s.reader.is_whole())
        return;
    s.offset += s.reader.seen();
    s.ordinal += s.reader.is_preamble() ? 0 : 1;
    s.reader.restart();
}

}  // namespace aconite::frame
