// The half of a conversation that the server speaks.
#include "toxics/mongodb/answer.hpp"
#include "toxics/mongodb/follower.hpp"

#include <algorithm>
#include <utility>

namespace aconite::mongodb {
namespace {

/// Whether the answer is to be lost, and what came behind it.
bool is_lost(fault const& what)
{
    return what.does == act::lose_reply || what.does == act::disconnect;
}

}  // namespace

void follower::take_answers(std::string_view bytes, conversation_context& link)
{
    message_run run(answers_, stream::downstream, bytes, link);
    while (!run.is_over() && state_.is_open()) {
        if (!run.at_beginning()) {
            if (run.go_on())
                finish_answer(link);
            continue;
        }
        run.send();
        send_own(link);
        if (!state_.is_open() || !begin_answer(run.rest(), link))
            break;
        if (!gives_up_.empty())
            run.pass_rest();
    }
    if (!state_.is_open())
        return;
    run.finish();
    send_own(link);
    if (state_.is_open())
        give_up_if_due(link);
}

/// Decides what becomes of the answer that begins here. False: more of it is needed.
bool follower::begin_answer(std::string_view rest, conversation_context& link)
{
    if (!gives_up_.empty())
        return true;
    if (rest.size() < head_bytes)
        return false;
    auto const head = read_head(rest);
    if (!head.is_possible()) {
        not_followed("not MongoDB's protocol");
        return true;
    }
    auto const found = unanswered_.find(head.answers);
    if (found == unanswered_.end()) {
        answers_.passing = head.bytes;
        return true;
    }
    if (rest.size() < std::min(head.bytes, flags_end))
        return false;
    answered_ = std::move(found->second);
    unanswered_.erase(found);
    auto const* const how = answered_.how.get();
    if (how != nullptr && is_lost(*how->what)) {
        lose_answer(*how, link);
        return true;
    }
    bool const was_told = answered_.told;
    bool const is_read = head.kind == op_code::message || head.kind == op_code::reply;
    if (!was_told && is_read && head.bytes <= held_bytes_max) {
        answers_.wanted = head.bytes;
        return true;
    }
    (was_told || how != nullptr ? answers_.dropping : answers_.passing) = head.bytes;
    follow_on(rest, answered_);
    if (was_told)
        return true;
    if (how != nullptr)
        tell_error(head, answered_.how, link);
    else
        link.tell_bypass(is_read ? "in an answer of more than 1 MiB" : "in a compressed answer");
    return true;
}

/// Behind an answer may come another one, which answers to it.
void follower::follow_on(std::string_view answer, asked what)
{
    if ((flags_in(answer) & flag::more_to_come) != 0)
        unanswered_.insert_or_assign(read_head(answer).id, std::move(what));
}

void follower::lose_answer(treatment const& how, conversation_context& link)
{
    state_.end(how.what->then, how.toxic, link);
}

/// An answer that was held is whole.
void follower::finish_answer(conversation_context& link)
{
    auto const answer = std::exchange(answers_.held, {});
    auto const what = std::exchange(answered_, {});
    if (what.how && is_good_answer(answer)) {
        follow_on(answer, {what.is_hello, what.how, true});
        tell_error(read_head(answer), what.how, link);
        return;
    }
    follow_on(answer, what);
    if (!what.is_hello) {
        link.send(stream::downstream, answer);
        return;
    }
    auto const rewritten =
        rewrite_hello(answer, [&](std::string_view member) { return inside(member, link); });
    if (!rewritten)
        link.tell_bypass("in an answer to a hello that is not as it should be");
    link.send(stream::downstream, rewritten ? *rewritten : answer);
}

/// In the place of an answer.
void follower::tell_error(message_head const& head, treatment_ptr const& how,
                          conversation_context& link)
{
    auto bytes = answer_with(how->error, head.kind, head.id, head.answers);
    own_bytes_ += bytes.size();
    own_.push_back({std::move(bytes), how->what->then, how});
    send_own(link);
}

/// What is told in the server's place goes between two answers of its own.
void follower::send_own(conversation_context& link)
{
    while (!own_.empty() && answers_.passing == 0 && state_.is_open()) {
        auto const next = std::move(own_.front());
        own_.pop_front();
        own_bytes_ -= next.bytes.size();
        link.send(stream::downstream, next.bytes);
        if (next.then != outcome::goes_on)
            state_.end(next.then, next.how->toxic, link);
    }
}

}  // namespace aconite::mongodb
