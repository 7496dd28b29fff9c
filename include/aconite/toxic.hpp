#pragma once

#include <aconite/slice.hpp>
#include <aconite/time.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace aconite {

/// Bytes that were read together, or a part of them.
struct chunk {
    slice bytes;  ///< never empty
    /// When the chunk reached this toxic: read from the socket, or let go by the toxic before.
    time_point arrived{};
    /// Position of the first byte in its stream, from 0; keys random draws.
    std::uint64_t offset = 0;
};

/// How a stream ends.
enum class ending : std::uint8_t {
    half_close,  ///< FIN: this direction is over, the other goes on
    close,       ///< the whole connection is closed, with FIN
    reset,       ///< the whole connection is closed, with RST on both sides
};

/// What all connections that one toxic acts on have in common. Their threads use it at the same
/// time, so a toxic that changes it does so with atomics.
class toxic_common {
public:
    virtual ~toxic_common() = default;
};

/// What a toxic may do to the stream of one connection. Valid only during the call it was
/// given to. Whatever is forwarded leaves in the order of the calls: nothing overtakes.
class toxic_context {
public:
    /// The time of this call. Never earlier than in the call before.
    [[nodiscard]] virtual time_point now() const = 0;

    /// Lets `c` leave at `due` (`never` holds it until the toxic is updated or removed).
    virtual void forward(chunk c, time_point due) = 0;

    /// Lets `c` leave as it came, as if there was no toxic.
    void pass(chunk c)
    {
        auto const at = c.arrived;
        forward(std::move(c), at);
    }

    /// What was forwarded and would leave after `due` leaves at `due` instead.
    virtual void hasten(time_point due) = 0;

    /// Of what was forwarded with due `never`, the first `count` bytes leave at `due`, and an end
    /// that is right behind them. The time of this call is the earliest.
    virtual void release(std::size_t count, time_point due) = 0;

    /// Ends the stream at `due`, behind what was forwarded.
    virtual void end(ending how, time_point due) = 0;

    /// Asks for one call of `on_alarm` at `at`; replaces an earlier request. `never` cancels.
    virtual void wake_at(time_point at) = 0;

    /// Asks whether to act, just before the toxic changes what the receiver sees; counts it if so.
    /// False: the toxic's trigger lets this one off, and it is to pass as if there was no toxic.
    virtual bool hit() = 0;
    /// The same for a toxic that acts on the connection as a whole: asked and counted at the first
    /// call, and kept from then on, over updates too.
    virtual bool hit_once() = 0;

    /// A number in [0, 1) that depends only on the seed, the proxy, the toxic, the connection,
    /// the stream and `key` (by convention the offset of a chunk): no hidden state.
    [[nodiscard]] virtual double random(std::uint64_t key) const = 0;

    /// What `make_common` of the toxic's row made; null without it.
    [[nodiscard]] virtual toxic_common* common() const = 0;

protected:
    ~toxic_context() = default;
};

/// One toxic on one stream of one connection: a state machine that is told what arrives and
/// says what leaves and when. Knows no socket, timer, lock, thread or clock. All calls come
/// from one thread.
class toxic {
public:
    virtual ~toxic() = default;

    /// The toxic took effect on this connection, or its attributes were just updated.
    /// `previous` is the object it replaces in an update (same type), else null.
    virtual void on_start(toxic const* previous, toxic_context& link);

    /// Bytes arrived. Forward them, hold them (forward with a later due) or drop them.
    virtual void on_data(chunk c, toxic_context& link) = 0;

    /// The stream ended before this toxic. The default passes the end on at once.
    virtual void on_end(ending how, toxic_context& link);

    /// The time asked for with `wake_at` has come.
    virtual void on_alarm(toxic_context& link);

    /// The toxic is being taken away. What it holds is let go at once by the pipeline,
    /// before anything that is forwarded or ended here.
    virtual void on_remove(toxic_context& link);

    /// The connection is over and what is held here will not leave: for state that connections
    /// share. Nothing that is forwarded now leaves. The default does nothing.
    virtual void on_abandon(toxic_context& link);

    /// How many bytes may wait here before the reader is stopped. Asked once, after it was made.
    [[nodiscard]] virtual std::size_t queue_limit_bytes() const { return 64 * 1024; }
};

}  // namespace aconite
