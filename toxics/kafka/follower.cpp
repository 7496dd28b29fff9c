#include "toxics/kafka/follower.hpp"

#include <limits>
#include <utility>

namespace aconite::kafka {
namespace {

/// Says to a connection that it holds so much that it has to stop reading.
constexpr std::size_t too_much_bytes = 256 * 1024;

}  // namespace

std::optional<broker_address> follower::book::inside(std::int32_t node_id, std::string_view host,
                                                     std::int32_t port)
{
    server_place const there{std::string(host), static_cast<std::uint16_t>(port)};
    bool const is_port =
        node_id >= 0 && port > 0 && port <= std::numeric_limits<std::uint16_t>::max();
    auto place = is_port ? link->place_of(node_id, there) : std::nullopt;
    if (!place) {
        link->tell_bypass(there.host + ":" + std::to_string(port));
        return std::nullopt;
    }
    return broker_address{std::move(place->host), place->port};
}

void follower::on_data(stream on, std::string_view bytes, conversation_context& link)
{
    if (!state_.is_open() || (on == stream::upstream && loses_))
        return;
    book_.link = &link;
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
        let_go_of(on, link);
    link.end(on, how, 0);
}

/// What is held of a frame goes on as it came.
void follower::let_go_of(stream on, conversation_context& link)
{
    if (on == stream::downstream && rewriter_)
        rewriter_->cut_off([&](std::string_view part) { link.send(on, part); });
    lane(on).let_go(on, link);
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
    if (waits_)
        return waits_.held_bytes();
    bool const is_much = unanswered_.size() >= unanswered_max || kept_bytes_ >= kept_bytes_max;
    return is_much ? too_much_bytes : 0;
}

std::uint64_t follower::unseen_bytes(stream on) const
{
    if (!state_.is_open())
        return 0;
    if (on == stream::upstream)
        return waits_ ? 0 : requests_.passing;
    return rewriter_ ? rewriter_->unseen() : answers_.passing;
}

void follower::on_unseen(stream on, std::uint64_t count)
{
    if (on == stream::upstream || !rewriter_) {
        lane(on).passing -= count;
        return;
    }
    rewriter_->on_unseen(count);
    answers_.wanted -= count;
}

void follower::name_topics(outline& what) const
{
    for (auto* const list : {&what.topics, &what.partitions})
        for (auto& each : *list)
            if (each.topic.empty() && !each.topic_id.empty())
                each.topic = topics_->name_of(each.topic_id);
}

/// From here on all passes; at once, or as soon as no answer is half read.
void follower::not_followed(std::string_view why)
{
    requests_.pass_all();
    gives_up_ = why;
}

/// The last that is done in a call.
void follower::give_up_if_due(conversation_context& link)
{
    if (gives_up_.empty() || rewriter_ || answers_.wanted > 0 || loses_)
        return;
    auto const end = waits_.pass_on(link);
    let_go_of(stream::upstream, link);
    let_go_of(stream::downstream, link);
    if (end)
        link.end(stream::upstream, *end, 0);
    link.give_up(gives_up_);
}

}  // namespace aconite::kafka
