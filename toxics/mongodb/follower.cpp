#include "toxics/mongodb/follower.hpp"
#include "toxics/mongodb/members.hpp"

#include <algorithm>
#include <utility>

namespace aconite::mongodb {
namespace {

/// Says to a connection that it holds so much that it has to stop reading.
constexpr std::size_t too_much_bytes = 256 * 1024;

}  // namespace

void follower::on_data(stream on, std::string_view bytes, conversation_context& link)
{
    if (!state_.is_open())
        return;
    if (on == stream::upstream)
        take_requests(bytes, link);
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
        lane(on).let_go(on, link);
    link.end(on, how, 0);
}

void follower::on_alarm(conversation_context& link)
{
    if (waits_.is_due(link))
        let_go(link);
}

void follower::on_change(conversation_context& link)
{
    if (waits_.is_free(link))
        let_go(link);
}

std::size_t follower::held_bytes(stream on) const
{
    if (on == stream::downstream)
        return 0;
    if (unanswered_.size() >= unanswered_max)
        return too_much_bytes;
    return waits_.held_bytes() + own_bytes_;
}

std::uint64_t follower::unseen_bytes(stream on) const
{
    if (!state_.is_open())
        return 0;
    if (on == stream::upstream)
        return waits_ ? 0 : requests_.passing;
    // Behind the last byte of an answer something is to be done.
    bool const waits_for_it = !own_.empty() || !gives_up_.empty();
    auto const passing = answers_.passing;
    return waits_for_it && passing > 0 ? passing - 1 : passing;
}

void follower::on_unseen(stream on, std::uint64_t count)
{
    lane(on).passing -= count;
}

void follower::tell_once(bool& told, std::string_view what, conversation_context& link)
{
    if (!std::exchange(told, true))
        link.tell_unknown(what);
}

/// Where the client reaches a member: through the proxy, if that can be.
std::string follower::inside(std::string_view member, conversation_context& link) const
{
    auto const there = place_in(member);
    auto const place = there ? link.place_at(*there) : std::nullopt;
    if (place)
        return member_at(*place);
    link.tell_bypass(member);
    return std::string(member);
}

/// From here on all passes, as soon as no answer is half read.
void follower::not_followed(std::string_view why)
{
    requests_.pass_all();
    gives_up_ = why;
}

/// The last that is done in a call.
void follower::give_up_if_due(conversation_context& link)
{
    bool const is_busy = answers_.wanted > 0 || answers_.passing > 0 || answers_.dropping > 0 ||
                         !own_.empty() || requests_.dropping > 0;
    if (gives_up_.empty() || !state_.is_open() || is_busy)
        return;
    auto const end = waits_.pass_on(link);
    requests_.let_go(stream::upstream, link);
    answers_.let_go(stream::downstream, link);
    if (end)
        link.end(stream::upstream, *end, 0);
    link.give_up(gives_up_);
}

}  // namespace aconite::mongodb
