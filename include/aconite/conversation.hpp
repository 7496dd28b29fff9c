#pragma once

#include <aconite/attribute.hpp>
#include <aconite/operation.hpp>
#include <aconite/problem.hpp>
#include <aconite/stream.hpp>
#include <aconite/time.hpp>
#include <aconite/toxic.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aconite {

/// Where a server is, or where clients reach it.
struct server_place {
    std::string host;        ///< an IPv6 address without brackets
    std::uint16_t port = 0;  ///< of it

    /// Whether both members are equal.
    friend bool operator==(server_place const&, server_place const&) = default;
};

/// What a conversation may do to its connection. Valid only during the call it was given to.
class conversation_context {
public:
    /// The time of this call. Never earlier than in the call before.
    [[nodiscard]] virtual time_point now() const = 0;

    /// Lets `bytes` go on at once, behind all that went on before on that stream. They are not
    /// kept.
    virtual void send(stream on, std::string_view bytes) = 0;

    /// Ends the stream behind what was sent; by the toxic with this id, or 0 where the source
    /// ended. `close` and `reset` end the whole connection.
    virtual void end(stream on, ending how, std::uint64_t toxic) = 0;

    /// Asks for one call of `on_alarm` at `at`; replaces an earlier request. `never` cancels.
    virtual void wake_at(time_point at) = 0;

    /// Whether there is a toxic that may act on an operation: else nobody need know what it is
    /// about.
    [[nodiscard]] virtual bool asks() const = 0;
    /// The same for an operation of that stream alone.
    [[nodiscard]] virtual bool asks(stream on) const = 0;
    /// Asks the toxics what is to be done to an operation, and counts those that act.
    virtual operation_ruling ask(operation const& what) = 0;
    /// Tells what became of a fault, where that is not what it says: for the journal.
    virtual void tell(std::uint64_t toxic, operation const& what, std::string_view how) = 0;
    /// Whether that toxic is still there, as it was when it ruled.
    [[nodiscard]] virtual bool lives(toxic_version const& toxic) const = 0;

    /// Where the client of this connection reaches the broker with this number in its cluster,
    /// which is at `there`, through the proxy: at a listener that is opened for it when it is seen
    /// first. None if there can be none: then the client is to be told the truth, and that counts
    /// as a way around the proxy. Takes no longer than binding a socket does.
    virtual std::optional<server_place> place_of(std::int64_t broker,
                                                 server_place const& there) = 0;
    /// The same for a server that no number is told of, only where it is: it is known by that, and
    /// gets a number when it is seen first.
    virtual std::optional<server_place> place_at(server_place const& there) = 0;
    /// Where the server of this connection is, an IP address; none while it is not connected.
    [[nodiscard]] virtual std::optional<server_place> server() const = 0;
    /// The client was told of a way around the proxy, `where`: counted, and noted in the journal.
    virtual void tell_bypass(std::string_view where) = 0;
    /// Something of the connection was not understood and passed untouched, for this reason; it is
    /// still followed. For the journal, and counted.
    virtual void tell_unknown(std::string_view what) = 0;

    /// From here on the connection is not understood and passes untouched, for this reason.
    virtual void give_up(std::string_view why) = 0;

protected:
    ~conversation_context() = default;
};

/// A connection as its protocol sees it, both directions of it: a state machine that is told what
/// comes and says what goes on, and when. It stands at the server's end of both streams. Knows no
/// socket, timer, lock, thread or clock. All calls come from one thread.
class conversation {
public:
    virtual ~conversation() = default;

    /// Bytes came on a stream. What is not sent on now has to be kept here.
    virtual void on_data(stream on, std::string_view bytes, conversation_context& link) = 0;

    /// The source of a stream ended it.
    virtual void on_end(stream on, ending how, conversation_context& link) = 0;

    /// The time asked for with `wake_at` has come.
    virtual void on_alarm(conversation_context& link) = 0;

    /// Toxics were added, changed or removed. What is kept for one that is not as it was goes on.
    virtual void on_change(conversation_context& link) = 0;

    /// So many bytes of a stream are kept here. The reader stops while it is above its bound.
    [[nodiscard]] virtual std::size_t held_bytes(stream on) const = 0;

    /// So many of the bytes that come next on a stream need not be seen: they may pass.
    [[nodiscard]] virtual std::uint64_t unseen_bytes(stream on) const = 0;
    /// So many of them, at most that, have passed.
    virtual void on_unseen(stream on, std::uint64_t count) = 0;
};

/// What all connections of one proxy know together; each conversation is given it. Used by any
/// thread. A protocol derives its own from it.
class protocol_common {
public:
    virtual ~protocol_common() = default;
};

/// Everything there is to know about a protocol: one constant row beside its code.
struct protocol_type {
    std::string_view name;     ///< as in a proxy's `protocol`
    std::string_view summary;  ///< one line for people
    /// What a toxic can match operations by, beside what it can match connections by: names that
    /// `match_row` does not have. An attribute's kind says how: `pattern`, `list` or `choice`.
    std::span<attribute const> match;
    /// Optional: 400 that names the attribute for values of `match` that fit none of its
    /// operations.
    result<void> (*check_match)(attribute_values const& values) = nullptr;
    /// A new conversation for one connection, with what `make_common` made for its proxy.
    std::unique_ptr<conversation> (*make)(std::shared_ptr<protocol_common> const& common) = nullptr;
    /// Optional: made when a proxy begins to listen.
    std::shared_ptr<protocol_common> (*make_common)() = nullptr;
    /// Optional: what a proxy says of it beside its name. In JSON such a protocol is an object of
    /// these instead of its name; there is one at most.
    std::span<attribute const> settings{};
    /// Beside `settings`: 400 that names the attribute if they do not fit each other.
    result<void> (*check_settings)(attribute_values const& settings) = nullptr;
    /// Beside `settings`, in place of `make_common`.
    std::shared_ptr<protocol_common> (*make_configured)(attribute_values const& settings) = nullptr;
    /// It tells clients where brokers are: a proxy that speaks it can have `brokers`.
    bool has_brokers = false;

    /// What `make_configured` or `make_common` makes, or null.
    [[nodiscard]] std::shared_ptr<protocol_common> common(attribute_values const& values = {}) const
    {
        if (make_configured != nullptr)
            return make_configured(values.row().empty() ? attribute_values(settings) : values);
        return make_common != nullptr ? make_common() : nullptr;
    }
};

}  // namespace aconite
