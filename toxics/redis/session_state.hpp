#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aconite::redis {

/// Who a session is to the server.
struct identity {
    std::int64_t database = 0;
    std::string client_name{};
    std::string user = "default";
    bool resp3 = false;  ///< the server speaks RESP3
};

/// What a command makes of a session, if the server does it.
struct session_change {
    enum class kind : std::uint8_t { set, multi, exec, discard, reset };

    kind does = kind::set;
    std::optional<std::int64_t> database{};
    std::optional<std::string> client_name{};
    std::optional<std::string> user{};
    std::optional<bool> resp3{};
    bool is_silent = false;  ///< there is no answer to it

    /// The memory that it takes.
    [[nodiscard]] std::size_t bytes() const;
    /// Of `set`: does it.
    void put_into(identity& into) const;
};

/// A session behind some of its commands. Between MULTI and EXEC it is as the commands there will
/// find it, and what it was outside comes back if they are not executed.
class session_state {
public:
    /// Of a transaction no more changes are known by themselves.
    static constexpr std::size_t queued_changes_max = 128;

    /// The server has done it, or has put it into its queue.
    void apply(session_change const& change);
    /// A transaction is over, and nothing of it was executed.
    void abort();
    /// A command that changes nothing was done, or is in the queue.
    void note_other() { queued_ += in_multi_ ? 1 : 0; }
    /// The n-th command of the queue was executed and failed; EXEC is not over yet.
    void fail(std::size_t n);

    [[nodiscard]] identity const& who() const { return who_; }
    [[nodiscard]] bool in_multi() const { return in_multi_; }

private:
    void leave();

    identity who_;
    identity outside_;
    bool in_multi_ = false;
    std::size_t queued_ = 0;
    std::vector<std::pair<std::size_t, session_change>> changes_;  ///< of the queue
    bool has_failed_ = false;                                      ///< one of them
};

}  // namespace aconite::redis
