// The half of a conversation that the client speaks.
#include "toxics/mongodb/follower.hpp"

#include <algorithm>
#include <utility>

namespace aconite::mongodb {
namespace {

/// What TLS begins with.
constexpr std::string_view tls_handshake = "\x16\x03";

}  // namespace

/// What goes on as it came is sent in runs as long as they can be.
void follower::take_requests(std::string_view bytes, conversation_context& link)
{
    if (waits_) {
        waits_.add(bytes);
        return;
    }
    std::string joined;
    if (!head_.empty()) {
        joined = std::exchange(head_, {});
        bytes = joined.append(bytes);
    }
    std::size_t sent = 0;
    std::size_t at = 0;
    auto const send_run = [&] {
        if (at > sent)
            link.send(stream::upstream, bytes.substr(sent, at - sent));
        sent = at;
    };
    while (at < bytes.size() && state_ == state::open && !waits_) {
        auto const rest = bytes.substr(at);
        if (held_wanted_ > 0) {
            auto const some = rest.substr(0, held_wanted_ - held_.size());
            held_.append(some);
            sent = at += some.size();
            if (held_.size() == held_wanted_)
                hold_more(link);
        } else if (dropping_ > 0) {
            auto const count = std::min<std::uint64_t>(dropping_, rest.size());
            dropping_ -= count;
            sent = at += count;
            if (dropping_ == 0 && refusal_)
                pass_request({.refusal = std::exchange(refusal_, std::nullopt)}, link);
        } else if (passing_ > 0) {
            auto const count = std::min<std::uint64_t>(passing_, rest.size());
            passing_ -= count;
            at += count;
        } else if (!begin_request(rest, link)) {
            break;
        } else if (held_wanted_ > 0) {
            send_run();
        }
    }
    if (state_ != state::open)
        return;
    if (waits_) {
        waits_.add(bytes.substr(at));
        return;
    }
    send_run();
    head_.assign(bytes.substr(at));
    give_up_if_due(link);
}

/// Decides what becomes of the message that begins here. False: more of it is needed.
bool follower::begin_request(std::string_view rest, conversation_context& link)
{
    if (rest.size() < head_bytes)
        return false;
    auto const head = read_head(rest);
    bool const is_first = !std::exchange(begun_, true);
    if (!head.is_possible()) {
        bool const is_tls = is_first && rest.starts_with(tls_handshake);
        not_followed(is_tls ? "encrypted" : "not MongoDB's protocol");
        return true;
    }
    bool const is_read = head.kind == op_code::message || head.kind == op_code::query;
    auto const look = std::min(head.bytes, look_bytes);
    if (is_read && !link.asks() && rest.size() < look)
        return false;
    request_ = head;
    if (is_read && (link.asks() || may_be_hello(rest.substr(0, look)))) {
        held_wanted_ = head_bytes;
        return true;
    }
    if (head.kind == op_code::compressed)
        tell_once(told_compressed_, "a compressed message", link);
    else if (!is_read)
        tell_once(told_old_, "a message of a kind that servers take no more", link);
    passing_ = head.bytes;
    offset_ += head.bytes;
    return true;
}

/// What is held of a message may be enough to read it.
void follower::hold_more(conversation_context& link)
{
    auto const place = find_body(held_);
    if (!place.is_bad && place.wanted > held_.size() && place.wanted <= held_bytes_max)
        held_wanted_ = place.wanted;
    else
        finish_request(link);
}

/// A message that was held goes on, in whatever way; of it may be more to come.
void follower::finish_request(conversation_context& link)
{
    held_wanted_ = 0;
    auto bytes = std::exchange(held_, {});
    auto const left = request_.bytes - bytes.size();
    auto const what = read_request(bytes);
    operation_ruling ruling;
    std::optional<passage> next = passage{.bytes = std::move(bytes)};
    if (what)
        next = rule_on(std::move(next->bytes), *what, ruling, link);
    else
        tell_once(told_unread_, "a command of more than 1 MiB, or that is not as it should be",
                  link);
    offset_ += request_.bytes;
    if (!next)
        return;
    (next->refusal ? dropping_ : passing_) = left;
    if (ruling.delay > duration::zero()) {
        auto const size = next->bytes.size();
        waits_.begin(*std::move(next), size, ruling, link);
        return;
    }
    pass_request(*std::move(next), link);
}

void follower::pass_request(passage what, conversation_context& link)
{
    if (!what.refusal) {
        link.send(stream::upstream, what.bytes);
        if (what.expects)
            unanswered_.insert_or_assign(what.id, *std::move(what.expects));
        return;
    }
    if (dropping_ > 0) {
        refusal_ = std::move(what.refusal);
        return;
    }
    own_bytes_ += what.refusal->bytes.size();
    own_.push_back(*std::move(what.refusal));
    send_own(link);
}

/// The request that waits goes on, and what came behind it.
void follower::let_go(conversation_context& link)
{
    auto waited = waits_.take(link);
    pass_request(std::move(waited.request), link);
    take_requests(waited.behind, link);
    if (waited.end)
        on_end(stream::upstream, *waited.end, link);
}

}  // namespace aconite::mongodb
