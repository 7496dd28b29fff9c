// The half of a conversation that the broker speaks.
#include "toxics/kafka/carriers.hpp"
#include "toxics/kafka/cuts.hpp"
#include "toxics/kafka/follower.hpp"
#include "toxics/kafka/frame_head.hpp"
#include "toxics/kafka/layout.hpp"

#include <algorithm>
#include <utility>

namespace aconite::kafka {
namespace {

/// Length and correlation id.
constexpr std::size_t answer_head_bytes = length_bytes + 4;
}  // namespace

void follower::take_answers(std::string_view bytes, conversation_context& link)
{
    end_rewriting(link);  // its last bytes may have passed unseen
    message_run run(answers_, stream::downstream, bytes, link);
    while (!run.is_over() && state_.is_open()) {
        if (rewriter_ && answers_.wanted > 0) {
            rewrite(run.take(), link);
        } else if (!run.at_beginning()) {
            if (run.go_on())
                finish_answer(link);
        } else if (!gives_up_.empty()) {
            run.pass_rest();
        } else if (!begin_answer(run.rest(), link)) {
            break;
        } else if (answered_.lost) {
            run.send();
            lose_answer(*answered_.how, link);
        } else if (rewriter_) {
            run.skip(length_bytes);  // the rewriter makes it itself
        }
    }
    if (!state_.is_open())
        return;
    run.finish();
    give_up_if_due(link);
}

/// Decides what becomes of the frame that begins here. False: more of it is needed.
bool follower::begin_answer(std::string_view rest, conversation_context& link)
{
    if (rest.size() < length_bytes)
        return false;
    auto const size = static_cast<std::uint32_t>(number_at_offset(rest, 0, length_bytes));
    bool const raw = !unanswered_.empty() && unanswered_.front().raw;
    if (size > frame_size_max || (!raw && size < answer_head_bytes - length_bytes)) {
        not_followed("not Kafka's protocol");
        return true;
    }
    if (unanswered_.empty()) {
        not_followed("an answer that nobody asked for");
        return true;
    }
    if (!raw && rest.size() < answer_head_bytes)
        return false;
    auto const correlation = static_cast<std::int32_t>(number_at_offset(rest, length_bytes, 4));
    while (!raw && unanswered_.size() > 1 && unanswered_.front().unsure &&
           unanswered_.front().correlation != correlation)
        unanswered_.pop_front();
    if (!raw && unanswered_.front().correlation != correlation) {
        not_followed("answers in another order than requests");
        return true;
    }
    answered_ = std::move(unanswered_.front());
    unanswered_.pop_front();
    kept_bytes_ -= answered_.kept();
    answered_.lost = answered_.how && answered_.how->what->ends();
    if (answered_.how && !answered_.lost && size > frame_bytes_max) {
        link.tell_unknown("an answer of more than 4 MiB");
        answered_.lost =
            !answered_.how->moved.empty();  // its partitions are none that the client knows
    }
    if (answered_.lost)
        return true;
    auto const whole = length_bytes + std::uint64_t{size};
    bool const wanted = answered_.how || answered_.api_key == api_key::metadata ||
                        (answered_.api_key == api_key::produce && link.asks());
    bool const readable =
        !raw && layout_of(direction::response, answered_.api_key, answered_.version).has_value();
    if (wanted && readable && size <= frame_bytes_max) {
        answers_.wanted = whole;
        return true;
    }
    if (!raw && size > 0 && carries_addresses(answered_.api_key, answered_.version)) {
        rewriter_.emplace(answered_.api_key, answered_.version, size, book_);
        answers_.wanted = size;
        return true;
    }
    answers_.passing = whole;
    return true;
}

void follower::lose_answer(treatment const& how, conversation_context& link)
{
    if (how.what->ends())
        state_.end(how.what->then, how.toxic, link);
    else
        state_.end(ending::reset, how.toxic, link);
}

/// An answer that was held is whole.
void follower::finish_answer(conversation_context& link)
{
    auto frame = std::exchange(answers_.held, {});
    if (answered_.api_key == api_key::metadata)
        take_from_the_past(frame, link);
    if (answered_.how && answered_.how->what->does == act::hide_broker)
        cut_broker(frame, answered_.api_key, answered_.version, answered_.how->what->hides);
    auto const body = std::string_view(frame).substr(length_bytes);
    auto answer = read_outline(direction::response, answered_.api_key, answered_.version,
                               static_cast<std::uint32_t>(body.size()), body);
    if (answer) {
        if (answered_.api_key == api_key::metadata)
            note_topics(*answer);
        name_topics(*answer);
        if (answered_.api_key == api_key::produce)
            note_offsets(*answer);
        if (answered_.how) {
            treat_answer(frame, answered_.version, *answer, *answered_.how, offsets_);
            if (tells_topics(answered_.api_key) && answered_.how->what->does == act::error)
                cut_partitions_of_failed(frame, answered_.api_key, answered_.version);
        }
    } else {
        link.tell_unknown("an answer that is not as its kind is");
    }
    if (!carries_addresses(answered_.api_key, answered_.version)) {
        link.send(stream::downstream, frame);
        return;
    }
    auto const treated = std::string_view(frame).substr(length_bytes);
    rewriter_.emplace(answered_.api_key, answered_.version,
                      static_cast<std::uint32_t>(treated.size()), book_);
    rewrite(treated, link);
}

/// Keeps an answer of Metadata in mind, or puts an old one in its place.
void follower::take_from_the_past(std::string& frame, conversation_context& link)
{
    if (answered_.key.empty())
        return;
    auto& memory = topics_->memory();
    memory.note(answered_.key, frame, link.now());
    if (!answered_.how || answered_.how->what->does != act::stale_metadata)
        return;
    auto old = memory.at(answered_.key, link.now() - answered_.how->what->age);
    if (old.empty())
        return;
    old.replace(length_bytes, 4, frame, length_bytes, 4);  // the correlation id
    frame = std::move(old);
}

void follower::rewrite(std::string_view bytes, conversation_context& link)
{
    rewriter_->feed(bytes, [&](std::string_view part) { link.send(stream::downstream, part); });
    end_rewriting(link);
}

void follower::end_rewriting(conversation_context& link)
{
    if (!rewriter_ || !rewriter_->finished())
        return;
    if (rewriter_->counts().bypassed > 0)
        link.tell_bypass(std::string("an answer passed as it was: ").append(rewriter_->error()));
    rewriter_.reset();
}

void follower::note_topics(outline const& answer)
{
    for (auto const& each : answer.topics)
        if (!each.topic.empty())
            topics_->note(each.topic_id, each.topic);
}

void follower::note_offsets(outline const& answer)
{
    for (auto const& each : answer.partitions) {
        auto const* const error = each.find("ErrorCode");
        auto const* const base = each.find("BaseOffset");
        if (error == nullptr || error->value != 0 || base == nullptr)
            continue;
        std::pair const which{each.topic, each.partition};
        if (offsets_.size() < offsets_max || offsets_.contains(which))
            offsets_[which] = base->value;
    }
}

}  // namespace aconite::kafka
