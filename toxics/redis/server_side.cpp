// The half of a conversation that the server speaks.
#include "toxics/redis/follower.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace aconite::redis {
namespace {

/// What is collected of what may be no answer: the kind, the channel or pattern, keys.
constexpr std::size_t texts_of_push = 8;

constexpr std::string_view confirmations[] = {"subscribe",    "unsubscribe", "psubscribe",
                                              "punsubscribe", "ssubscribe",  "sunsubscribe"};
constexpr std::string_view messages[] = {"message", "pmessage", "smessage", "invalidate"};

template <std::size_t Count>
bool is_one_of(std::string_view const (&all)[Count], std::string_view text)
{
    return std::ranges::find(all, text) != std::end(all);
}

/// The line of one who watches: the time, the database and the client, and the command.
bool is_of_monitor(std::string_view line)
{
    auto const digits = line.find_first_not_of("0123456789");
    return digits != 0 && digits < line.size() && line[digits] == '.' &&
           line.find(" [") != std::string_view::npos;
}

}  // namespace

/// What goes on as it came is sent in runs as long as they can be.
void follower::take_answers(std::string_view bytes, conversation_context& link)
{
    std::size_t sent = 0;
    std::size_t at = 0;
    auto const send_run = [&] {
        if (at > sent)
            link.send(stream::downstream, bytes.substr(sent, at - sent));
        sent = at;
    };
    while (at < bytes.size() && state_.is_open() && gives_up_.empty()) {
        auto const rest = bytes.substr(at);
        if (!value_begun_)
            begin_value(rest.front(), link);
        bool const in_error = value_.is_in_error();
        auto const part = rest.substr(0, value_.feed(rest));
        if (!in_error && value_.is_in_error() && !unanswered_.empty() &&
            unanswered_.front().changes == effect::exec)
            session_.note_failed(value_.element());
        bool const of_error = in_error && !stays_in_run(part);
        if (value_fate_ != fate::pass || of_error)
            send_run();
        if (of_error)
            take_error(part, link);
        else if (value_fate_ == fate::open)
            answer_.append(part);
        at += part.size();
        if (value_fate_ != fate::pass || of_error)
            sent = at;
        if (value_.is_bad()) {
            gives_up_ = "not Redis' protocol";
            break;
        }
        if (value_fate_ == fate::open)
            rule_on_value(link);
        if (value_.is_whole() && state_.is_open()) {
            if (value_fate_ == fate::drop)
                send_run();
            end_value(link);
        }
    }
    if (!state_.is_open())
        return;
    send_run();
    if (gives_up_.empty())
        return;
    link.send(stream::downstream, take_held_answer());
    link.send(stream::downstream, bytes.substr(sent));
    give_up(link);
}

/// An answer that nobody wants to know goes on as it comes.
void follower::begin_value(char first, conversation_context& link)
{
    bool const asks_of_push = may_be_push(first);
    bool const treats = !unanswered_.empty() &&
                        (unanswered_.front().how || unanswered_.front().tells != telling::nothing);
    bool const wants_push = asks_of_push && (link.asks() || session_.hears_events());
    value_.restart(asks_of_push ? texts_of_push : 0);
    value_begun_ = true;
    value_fate_ = treats || wants_push ? fate::open : fate::pass;
}

/// Whether what begins with that may be no answer.
bool follower::may_be_push(char first) const
{
    return first == '>' || (first == '*' && session_.subscribes()) ||
           (first == '+' && session_.monitors());
}

/// Whether it is no answer; as far as it has come.
bool follower::is_push() const
{
    auto const& texts = value_.texts();
    auto const kind = texts.empty() ? std::string_view{} : std::string_view(texts.front());
    switch (value_.type()) {
    case '>':
        return true;
    case '*':
        return session_.subscribes() &&
               (is_one_of(messages, kind) || is_one_of(confirmations, kind));
    case '+':
        return session_.monitors() && is_of_monitor(kind);
    default:
        return false;
    }
}

/// What is held of a value may be enough to say what becomes of it.
void follower::rule_on_value(conversation_context& link)
{
    bool const is_all = value_.is_whole() || answer_.size() >= held_bytes_max;
    if (value_.type() == 0 && !is_all)
        return;
    bool const asks_of_push = may_be_push(value_.type());
    if (asks_of_push && !is_all && value_.texts().size() < texts_of_push)
        return;
    if (asks_of_push && is_push()) {
        rule_on_push(link);
        return;
    }
    if (unanswered_.empty()) {
        let_value_go(link);
        return;
    }
    if (unanswered_.front().tells != telling::nothing && !is_all)
        return;
    if (!unanswered_.front().how) {
        let_value_go(link);
        return;
    }
    treat(*unanswered_.front().how, is_all, link);
}

void follower::let_value_go(conversation_context& link)
{
    keep_inside(link);
    value_fate_ = fate::pass;
    link.send(stream::downstream, std::exchange(answer_, {}));
}

void follower::drop_value()
{
    value_fate_ = fate::drop;
    answer_.clear();
}

void follower::rule_on_push(conversation_context& link)
{
    auto const& texts = value_.texts();
    if (!texts.empty() && is_one_of(messages, texts.front()) && link.asks()) {
        asking_.is_about(session_, value_);
        auto const about = asking_.about(ordinal_++, offset_);
        auto const ruling = link.ask(about);
        if (ruling.fault) {
            auto const& what = static_cast<fault const&>(*ruling.fault);
            if (what.does == act::drop_push) {
                drop_value();
                return;
            }
            link.tell(ruling.toxic.id, about, "passed: nobody asked for it");
        }
    }
    let_value_go(link);
}

/// A value is over.
void follower::end_value(conversation_context& link)
{
    value_begun_ = false;
    bool const push = is_push();
    if (push) {
        bool const confirms =
            !value_.texts().empty() && is_one_of(confirmations, value_.texts()[0]);
        if (confirms && !unanswered_.empty() && unanswered_.front().changes == effect::subscribe)
            unanswered_.pop_front();
        return;
    }
    if (unanswered_.empty()) {
        if (!value_.is_error())  // why a server closes it says unasked
            gives_up_ = "an answer that nobody asked for";
        return;
    }
    auto const done = std::move(unanswered_.front());
    unanswered_.pop_front();
    session_.note_answer(done.changes,
                         {!value_.is_error(), value_.type() == '*' && value_.elements() >= 0});
    if (!done.how || value_fate_ != fate::drop)
        return;
    auto const& what = *done.how->what;
    if (what.does == act::nil && done.how->misses != miss::line)
        link.send(stream::downstream,
                  nothing_found(done.how->misses,
                                {value_.type(), value_.elements(), session_.speaks_resp3()}));
    else
        link.send(stream::downstream, done.how->error);
    if (what.moves_slots) {
        told_slots_.insert(done.how->slot);
        common_->moved.tell(done.how->slot, link.now());
    }
    if (what.ends())
        state_.end(what.then, done.how->toxic, link);
}

}  // namespace aconite::redis
