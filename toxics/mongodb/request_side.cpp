// The half of a conversation that the client speaks.
#include "toxics/mongodb/follower.hpp"

#include <algorithm>
#include <utility>

namespace aconite::mongodb {
namespace {

/// What TLS begins with.
constexpr std::string_view tls_handshake = "\x16\x03";

}  // namespace

void follower::take_requests(std::string_view bytes, conversation_context& link)
{
    if (waits_) {
        waits_.add(bytes);
        return;
    }
    message_run run(requests_, stream::upstream, bytes, link);
    while (!run.is_over() && state_.is_open() && !waits_) {
        if (run.at_beginning()) {
            if (!begin_request(run.rest(), link))
                break;
        } else if (run.go_on()) {
            hold_more(link);
        } else if (refusal_ && requests_.dropping == 0) {
            pass_request({.refusal = std::exchange(refusal_, std::nullopt)}, link);
        }
    }
    if (!state_.is_open())
        return;
    if (waits_) {
        waits_.add(run.rest());
        return;
    }
    run.finish();
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
        requests_.wanted = head_bytes;
        return true;
    }
    if (head.kind == op_code::compressed)
        tell_once(told_compressed_, "a compressed message", link);
    else if (!is_read)
        tell_once(told_old_, "a message of a kind that servers take no more", link);
    requests_.passing = head.bytes;
    offset_ += head.bytes;
    return true;
}

/// What is held of a message may be enough to read it.
void follower::hold_more(conversation_context& link)
{
    auto const& held = requests_.held;
    auto const place = find_body(held);
    if (!place.is_bad && place.wanted > held.size() && place.wanted <= held_bytes_max)
        requests_.wanted = place.wanted - held.size();
    else
        finish_request(link);
}

/// A message that was held goes on, in whatever way; of it may be more to come.
void follower::finish_request(conversation_context& link)
{
    auto bytes = std::exchange(requests_.held, {});
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
    (next->refusal ? requests_.dropping : requests_.passing) = left;
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
    if (requests_.dropping > 0) {
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
