#include "toxics/redis/follower.hpp"

#include <algorithm>
#include <utility>

namespace aconite::redis {

void follower::on_data(stream on, std::string_view bytes, conversation_context& link)
{
    if (!state_.is_open() || (on == stream::upstream && loses_))
        return;
    if (on == stream::upstream)
        take_commands(bytes, link);
    else
        take_answers(bytes, link);
}

/// What is not whole goes on as it is.
void follower::on_end(stream on, ending how, conversation_context& link)
{
    if (state_.is_over())
        return;
    bool const open = state_.is_open();
    if (open && on == stream::upstream && waits_.keeps_end(how))
        return;
    if (open)
        link.send(on, on == stream::upstream ? std::exchange(held_, {}) : take_held_answer());
    link.end(on, how, 0);
}

void follower::on_alarm(conversation_context& link)
{
    if (waits_.is_due(link))
        let_go(link);
}

void follower::on_change(conversation_context& link)
{
    told_slots_.clear();
    if (waits_.is_free(link))
        let_go(link);
}

std::size_t follower::held_bytes(stream on) const
{
    if (on == stream::downstream)
        return 0;
    // A client that asks for more and more before it reads the answers has to wait.
    auto const asked_bytes = unanswered_.size() * sizeof(asked);
    return asked_bytes + session_.held_bytes() + waits_.held_bytes();
}

std::uint64_t follower::unseen_bytes(stream on) const
{
    if (!state_.is_open())
        return 0;
    if (on == stream::upstream)
        return !waits_ && command_fate_ == fate::pass ? command_.unseen() : 0;
    return value_begun_ && value_fate_ == fate::pass ? value_.unseen() : 0;
}

void follower::on_unseen(stream on, std::uint64_t count)
{
    if (on == stream::downstream) {
        value_.on_unseen(count);
        return;
    }
    command_.on_unseen(count);
    command_bytes_ += count;
}

/// From here on all passes. The last that is done in a call.
void follower::give_up(conversation_context& link)
{
    auto const end = waits_.pass_on(link);
    link.send(stream::upstream, std::exchange(held_, {}));
    link.send(stream::downstream, take_held_answer());
    if (end)
        link.end(stream::upstream, *end, 0);
    // Of an answer that was dropped the rest would be taken for another one.
    if (value_begun_ && value_fate_ == fate::drop) {
        state_.end(ending::reset, 0, link);
        return;
    }
    link.give_up(gives_up_);
}

}  // namespace aconite::redis
