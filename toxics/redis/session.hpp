#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace aconite::redis {

/// What a good answer to a command changes.
enum class effect : std::uint8_t { none, hello, monitor, subscribe, reset };

/// What a command is to the conversation, beside its name.
struct meaning {
    bool answered = true;
    bool replicates = false;  ///< from here on the connection is a replica's
    effect changes = effect::none;
};

/// What a connection has said of itself so far. It is believed before the server has answered:
/// clients that send many commands at once do not wait either.
class session {
public:
    /// Notes a command that goes to the server, by its first words.
    meaning note(std::span<std::string const> words, std::size_t count);
    /// Notes one in whose place the server is asked for something that it refuses. Whether there is
    /// an answer.
    bool note_refused(std::string_view name);
    /// Notes a good answer, which begins with `type`.
    void note_answer(effect what, char type);

    [[nodiscard]] std::int64_t database() const { return database_; }
    [[nodiscard]] std::string const& client_name() const { return client_name_; }
    [[nodiscard]] std::string const& user() const { return user_; }
    [[nodiscard]] bool in_multi() const { return in_multi_; }
    /// The server speaks RESP3.
    [[nodiscard]] bool speaks_resp3() const { return resp3_; }
    /// Messages may come as arrays.
    [[nodiscard]] bool subscribes() const { return subscribes_; }
    /// And they may be what a sentinel tells.
    [[nodiscard]] bool hears_events() const { return hears_events_; }
    /// Lines may come that tell what others do.
    [[nodiscard]] bool monitors() const { return monitors_; }

private:
    bool is_answered();
    void note_client(std::span<std::string const> words, meaning& made);
    void note_channels(std::span<std::string const> words, std::size_t count);
    void note_hello(std::span<std::string const> words);

    std::int64_t database_ = 0;
    std::string client_name_;
    std::string user_ = "default";
    bool in_multi_ = false;
    bool resp3_ = false;
    bool subscribes_ = false;
    bool hears_events_ = false;
    bool monitors_ = false;
    bool silent_ = false;      ///< CLIENT REPLY OFF
    bool skips_next_ = false;  ///< CLIENT REPLY SKIP
};

}  // namespace aconite::redis
