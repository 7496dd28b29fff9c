// What faults do to answers.
#include "toxics/redis/follower.hpp"

#include <utility>

namespace aconite::redis {

/// Whether it can be told of this answer that nothing was found.
bool follower::has_miss(treatment const& how) const
{
    if (value_.is_error() || how.misses == miss::none)
        return false;
    // QUEUED is the answer to any command in a transaction.
    bool const is_status = value_.type() == '+';
    return !is_status || (how.misses == miss::line && !session_.is_queueing());
}

/// Does a fault to an answer, of which the type is known.
void follower::treat(treatment const& how, bool is_all, conversation_context& link)
{
    auto const& what = *how.what;
    bool const is_status = value_.type() == '+';
    switch (what.does) {
    case act::error:
        if (how.instead || !value_.is_error()) {
            drop_value();
            return;
        }
        break;
    case act::lose_reply:
    case act::disconnect:
        drop_value();
        state_.end(what.then, how.toxic, link);
        return;
    case act::nil:
        if (has_miss(how)) {
            drop_value();
            return;
        }
        if (how.misses != miss::none)
            link.tell(how.toxic, how.about, "passed: the answer is no value");
        break;
    case act::stale:
        if (how.command.empty() || is_status || value_.is_error())
            break;
        if (value_.is_whole())
            put_old(how, link);
        if (!is_all)
            return;
        break;
    case act::truncate:
        if (answer_.size() > what.bytes) {
            keep_inside(link);
            link.send(stream::downstream, std::string_view(answer_).substr(0, what.bytes));
            state_.end(what.cut, how.toxic, link);
            return;
        }
        if (!is_all)
            return;
        break;
    default:
        break;
    }
    let_value_go(link);
}

/// In place of what is held comes what was answered before.
void follower::put_old(treatment const& how, conversation_context& link)
{
    auto& memory = common_->answers;
    memory.note(how.command, answer_, link.now());
    auto old = memory.at(how.command, link.now() - how.what->age);
    if (!old.empty())
        answer_ = std::move(old);
}

}  // namespace aconite::redis
