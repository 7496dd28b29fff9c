// What faults do to answers.
#include "toxics/redis/follower.hpp"

#include <utility>

namespace aconite::redis {

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
        if (!is_status && !value_.is_error()) {
            drop_value();
            return;
        }
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

/// What is told in place of an answer that was dropped.
std::string follower::nothing_found(treatment const& how) const
{
    std::string_view const nil = session_.speaks_resp3() ? "_\r\n" : "$-1\r\n";
    auto const type = value_.type();
    switch (type) {
    case '*':
    case '~':
    case '%':
        if (how.of_several && type == '*' && value_.elements() > 0) {
            auto made = "*" + std::to_string(value_.elements()) + "\r\n";
            for (std::int64_t i = 0; i < value_.elements(); ++i)
                made.append(nil);
            return made;
        }
        if (how.of_nil)
            return session_.speaks_resp3() ? "_\r\n" : "*-1\r\n";
        return value_.elements() < 0 ? "*-1\r\n" : std::string(1, type) + "0\r\n";
    case ':':
        return ":0\r\n";
    case '#':
        return "#f\r\n";
    default:
        return std::string(nil);
    }
}

}  // namespace aconite::redis
