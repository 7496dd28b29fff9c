#pragma once

#include "toxics/redis/session_state.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>

namespace aconite::redis {

/// What the answer to a command says of the session.
enum class effect : std::uint8_t {
    none,
    state,  ///< whether its change is made
    exec,   ///< that too, and which of the commands in the queue failed
    asking,
    monitor,
    subscribe,
};

/// What a command is to the conversation, beside its name.
struct meaning {
    bool answered = true;
    bool replicates = false;  ///< from here on the connection is a replica's
    effect changes = effect::none;
};

/// An answer, as far as a session has to know it.
struct session_answer {
    bool is_good = false;  ///< it is no error
    bool is_list = false;  ///< and not nil
};

/// What a connection has said of itself so far, and the server has not refused. Until it has
/// answered it is believed: clients that send many commands at once do not wait either.
class session {
public:
    /// Notes a command that goes to the server, by its first words.
    meaning note(std::span<std::string const> words, std::size_t count);
    /// Notes one in whose place the server is asked for something that it refuses, or for the end
    /// of the transaction that it would end.
    meaning note_refused(std::string_view name);
    /// Notes the answer to the oldest command that has none yet, by its effect.
    void note_answer(effect what, session_answer const& answer);
    /// In the answer to an EXEC the n-th of the queue is an error.
    void note_failed(std::size_t n) { confirmed_.fail(n); }

    [[nodiscard]] std::int64_t database() const { return asked_.who().database; }
    [[nodiscard]] std::string const& client_name() const { return asked_.who().client_name; }
    [[nodiscard]] std::string const& user() const { return asked_.who().user; }
    [[nodiscard]] bool in_multi() const { return asked_.in_multi(); }
    /// The next command comes behind an ASKING.
    [[nodiscard]] bool is_asking() const { return asking_; }
    /// The server speaks RESP3 in the answer that comes next.
    [[nodiscard]] bool speaks_resp3() const { return confirmed_.who().resp3; }
    /// That answer is to a command between MULTI and EXEC, or to the EXEC.
    [[nodiscard]] bool is_queueing() const { return confirmed_.in_multi(); }
    /// Messages may come as arrays.
    [[nodiscard]] bool subscribes() const { return subscribes_; }
    /// And they may be what a sentinel tells.
    [[nodiscard]] bool hears_events() const { return hears_events_; }
    /// Lines may come that tell what others do.
    [[nodiscard]] bool monitors() const { return monitors_; }
    /// What is kept of commands that have no answer yet.
    [[nodiscard]] std::size_t held_bytes() const { return pending_bytes_; }

private:
    bool is_answered();
    void change(session_change what, meaning& made);
    void settle(effect what, session_answer const& answer);
    void note_next(bool is_asking);
    void note_client(std::span<std::string const> words, meaning& made);
    void note_channels(std::span<std::string const> words, std::size_t count);

    session_state confirmed_;             ///< by what is answered
    session_state asked_;                 ///< and by all that was asked for
    std::deque<session_change> pending_;  ///< what the one lacks of the other
    std::size_t pending_bytes_ = 0;       ///< of these
    bool asking_ = false;
    bool subscribes_ = false;
    bool hears_events_ = false;
    bool monitors_ = false;
    bool silent_ = false;      ///< CLIENT REPLY OFF
    bool skips_next_ = false;  ///< CLIENT REPLY SKIP
};

}  // namespace aconite::redis
