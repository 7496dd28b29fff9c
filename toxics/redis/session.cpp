#include "toxics/redis/session.hpp"

#include "proxy/net/letters.hpp"
#include "proxy/net/number.hpp"
#include "toxics/redis/keys.hpp"

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

}  // namespace

bool session::is_answered()
{
    bool const skipped = std::exchange(skips_next_, false);
    return !silent_ && !skipped;
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
        return made;
    }
    made.answered = is_answered();
    switch (which) {
    case word::select:
        if (words.size() > 1)
            database_ = number_in<std::int64_t>(words[1]).value_or(database_);
        break;
    case word::auth:
        user_ = words.size() > 2 ? words[1] : "default";
        break;
    case word::hello:
        note_hello(words);
        made.changes = effect::hello;
        break;
    case word::multi:
        in_multi_ = true;
        break;
    case word::exec:
    case word::discard:
        in_multi_ = false;
        break;
    case word::reset:
        database_ = 0;
        client_name_.clear();
        user_ = "default";
        in_multi_ = silent_ = skips_next_ = false;
        made.changes = effect::reset;  // what the server sends changes with its answer
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
    return made;
}

void session::note_client(std::span<std::string const> words, meaning& made)
{
    bool const has_two = words.size() > 2;
    if (has_two && same_name(words[1], "SETNAME")) {
        client_name_ = words[2];
    } else if (has_two && same_name(words[1], "REPLY")) {
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

/// HELLO [version [AUTH user password] [SETNAME name]]
void session::note_hello(std::span<std::string const> words)
{
    for (std::size_t i = 2; i < words.size(); ++i) {
        if (same_name(words[i], "AUTH") && i + 2 < words.size()) {
            user_ = words[i + 1];
            i += 2;
        } else if (same_name(words[i], "SETNAME") && i + 1 < words.size()) {
            client_name_ = words[++i];
        }
    }
}

bool session::note_refused(std::string_view name)
{
    auto const which = find_word(name);
    if (which == word::exec || which == word::discard)
        in_multi_ = false;
    return is_answered();
}

void session::note_answer(effect what, char type)
{
    switch (what) {
    case effect::hello:
        resp3_ = type == '%';
        break;
    case effect::monitor:
        monitors_ = true;
        break;
    case effect::reset:
        resp3_ = subscribes_ = hears_events_ = monitors_ = false;
        break;
    default:
        break;
    }
}

}  // namespace aconite::redis
