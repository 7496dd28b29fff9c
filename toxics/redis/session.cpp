#include "toxics/redis/session.hpp"

#include "proxy/net/letters.hpp"
#include "proxy/net/number.hpp"

#include <algorithm>
#include <utility>

namespace aconite::redis {
namespace {

/// Of few commands more is known than their names; which, the first look tells.
enum class word : std::uint8_t {
    other,
    select,
    auth,
    client,
    hello,
    multi,
    exec,
    discard,
    reset,
    subscribe,
    unsubscribe,
    monitor,
    asking,
    replicate,
    replconf,
};

constexpr std::pair<std::string_view, word> known_words[] = {
    {"SELECT", word::select},
    {"AUTH", word::auth},
    {"CLIENT", word::client},
    {"HELLO", word::hello},
    {"MULTI", word::multi},
    {"EXEC", word::exec},
    {"DISCARD", word::discard},
    {"RESET", word::reset},
    {"SUBSCRIBE", word::subscribe},
    {"PSUBSCRIBE", word::subscribe},
    {"SSUBSCRIBE", word::subscribe},
    {"UNSUBSCRIBE", word::unsubscribe},
    {"PUNSUBSCRIBE", word::unsubscribe},
    {"SUNSUBSCRIBE", word::unsubscribe},
    {"MONITOR", word::monitor},
    {"ASKING", word::asking},
    {"SYNC", word::replicate},
    {"PSYNC", word::replicate},
    {"REPLCONF", word::replconf},
};

word find_word(std::string_view name)
{
    for (auto const& [text, made] : known_words)
        if (text.size() == name.size() && same_name(text, name))
            return made;
    return word::other;
}

session_change set_database(std::span<std::string const> words)
{
    session_change made;
    if (words.size() > 1)
        made.database = number_in<std::int64_t>(words[1]);
    return made;
}

session_change set_user(std::span<std::string const> words)
{
    session_change made;
    made.user = words.size() > 2 ? words[1] : "default";
    return made;
}

session_change set_name(std::string const& name)
{
    session_change made;
    made.client_name = name;
    return made;
}

/// HELLO [version [AUTH user password] [SETNAME name]]
session_change say_hello(std::span<std::string const> words)
{
    session_change made;
    if (words.size() > 1)
        made.resp3 = words[1] == "3";
    for (std::size_t i = 2; i < words.size(); ++i) {
        if (same_name(words[i], "AUTH") && i + 2 < words.size()) {
            made.user = words[i + 1];
            i += 2;
        } else if (same_name(words[i], "SETNAME") && i + 1 < words.size()) {
            made.client_name = words[++i];
        }
    }
    return made;
}

}  // namespace

bool session::is_answered()
{
    bool const skipped = std::exchange(skips_next_, false);
    return !silent_ && !skipped;
}

/// A command will change the session.
void session::change(session_change what, meaning& made)
{
    made.changes = what.does == session_change::kind::exec ? effect::exec : effect::state;
    asked_.apply(what);
    what.is_silent = !made.answered;
    if (what.is_silent && pending_.empty()) {
        confirmed_.apply(what);
        return;
    }
    pending_bytes_ += what.bytes();
    pending_.push_back(std::move(what));
}

/// ASKING is for the command behind it, or for all of a transaction.
void session::note_next(bool is_asking)
{
    if (!in_multi())
        asking_ = is_asking;
}

meaning session::note(std::span<std::string const> words, std::size_t count)
{
    meaning made;
    if (count == 0 || words.empty()) {
        made.answered = count != 0 && is_answered();
        return made;
    }
    auto const which = find_word(words[0]);
    if (which == word::client) {
        note_client(words, made);
        note_next(false);
        return made;
    }
    if (which == word::reset)
        silent_ = false;  // it is answered already
    made.answered = is_answered();
    switch (which) {
    case word::select:
        change(set_database(words), made);
        break;
    case word::auth:
        change(set_user(words), made);
        break;
    case word::hello:
        change(say_hello(words), made);
        break;
    case word::multi:
        change({session_change::kind::multi}, made);
        break;
    case word::exec:
        change({session_change::kind::exec}, made);
        break;
    case word::discard:
        change({session_change::kind::discard}, made);
        break;
    case word::reset:
        change({session_change::kind::reset}, made);
        break;
    case word::asking:
        made.changes = effect::asking;
        break;
    case word::subscribe:
        subscribes_ = true;
        note_channels(words, count);
        made.changes = effect::subscribe;
        break;
    case word::unsubscribe:
        made.changes = effect::subscribe;
        break;
    case word::monitor:
        made.changes = effect::monitor;
        break;
    case word::replicate:
        made.replicates = true;
        break;
    case word::replconf:
        made.answered = made.answered && !(words.size() > 1 && same_name(words[1], "ACK"));
        break;
    default:
        break;
    }
    note_next(which == word::asking);
    return made;
}

void session::note_client(std::span<std::string const> words, meaning& made)
{
    bool const has_two = words.size() > 2;
    if (has_two && same_name(words[1], "REPLY")) {
        if (same_name(words[2], "ON")) {
            silent_ = skips_next_ = false;
        } else if (same_name(words[2], "OFF")) {
            silent_ = true;
        } else if (same_name(words[2], "SKIP")) {
            skips_next_ = !silent_;
            made.answered = false;
            return;
        }
    }
    made.answered = is_answered();
    if (has_two && same_name(words[1], "SETNAME"))
        change(set_name(words[2]), made);
}

/// A sentinel's channels begin with a sign, or what a pattern takes for one; and of many channels
/// not all are looked at.
void session::note_channels(std::span<std::string const> words, std::size_t count)
{
    constexpr std::string_view begins = "+-_*?[\\";
    hears_events_ = hears_events_ || count > words.size();
    for (auto const& each : words.subspan(1))
        if (!each.empty() && begins.find(each.front()) != std::string_view::npos)
            hears_events_ = true;
}

meaning session::note_refused(std::string_view name)
{
    meaning made;
    made.answered = is_answered();
    auto const which = find_word(name);
    if (which == word::exec || which == word::discard)
        change({session_change::kind::discard}, made);
    note_next(false);
    return made;
}

void session::note_answer(effect what, session_answer const& answer)
{
    if (what == effect::state || what == effect::exec) {
        settle(what, answer);
        return;
    }
    if (what == effect::asking && !answer.is_good)
        asking_ = false;
    if (!answer.is_good)
        return;
    confirmed_.note_other();
    if (what == effect::monitor)
        monitors_ = true;
}

/// The oldest change is made, or is not.
void session::settle(effect what, session_answer const& answer)
{
    auto const take = [this] {
        auto made = std::move(pending_.front());
        pending_.pop_front();
        pending_bytes_ -= made.bytes();
        return made;
    };
    auto const front = take();
    bool const is_made = answer.is_good && (what != effect::exec || answer.is_list);
    if (is_made)
        confirmed_.apply(front);
    else if (what == effect::exec)
        confirmed_.abort();
    if (is_made && front.does == session_change::kind::reset)
        subscribes_ = hears_events_ = monitors_ = false;
    while (!pending_.empty() && pending_.front().is_silent)
        confirmed_.apply(take());
    if (is_made && what != effect::exec)
        return;
    asked_ = confirmed_;
    for (auto const& each : pending_)
        asked_.apply(each);
}

}  // namespace aconite::redis
