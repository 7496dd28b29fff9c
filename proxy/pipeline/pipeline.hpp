#pragma once

#include "proxy/pipeline/grant.hpp"
#include "proxy/pipeline/trigger.hpp"
#include "proxy/record/meters.hpp"

#include <aconite/toxic.hpp>
#include <aconite/toxic_type.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace aconite {

/// A toxic of the plan, drawn for one connection: what a stage is made from.
struct stage_spec {
    /// Identity of the toxic; stages stand in ascending order of it.
    std::uint64_t id = 0;
    /// Changes with every update of the attributes.
    std::uint64_t version = 0;
    toxic_type const* type = nullptr;
    attribute_values values;
    /// Key of the toxic's random numbers on this connection and stream.
    std::uint64_t random_key = 0;
    std::shared_ptr<aconite::trigger> trigger{};  ///< null: the toxic acts at once and always
    /// Shared with the same toxic's stages on other connections, perhaps of other threads.
    std::shared_ptr<toxic_common> common = nullptr;
    /// Of segments that the kernel drops instead; none: a stage is needed.
    std::optional<double> drop_rate{};
    /// Counts what the toxic does; null: nobody wants to know.
    std::shared_ptr<toxic_meter> meter{};
    /// The toxic has a stage on the other stream too.
    bool on_both = false;
};

/// What a toxic did to a stream in one moment.
struct toxic_act {
    time_point at{};
    std::uint64_t hits = 0;
    std::uint64_t offset = 0;    ///< of the first byte that was at hand
    std::uint64_t bytes = 0;     ///< so many were
    duration delay{};            ///< the longest one; `duration::max()`: until further notice
    std::optional<ending> ends;  ///< how it ends the connection
};

/// Is told of all that the toxics of a pipeline do.
class act_observer {
public:
    virtual void on_act(stage_spec const& who, toxic_act const& what) = 0;

protected:
    ~act_observer() = default;
};

/// The chain of toxics on one stream of one connection. Pure data and arithmetic: time is a
/// parameter, which must never go back. Bytes leave in the order in which they came.
class pipeline {
public:
    /// `offset` is the position in the stream of the first byte that will be pushed. `both` is what
    /// the two streams of a connection share. That and `observer` outlive the pipeline.
    explicit pipeline(std::uint64_t offset = 0, grant_book* both = nullptr,
                      act_observer* observer = nullptr)
        : offset_(offset), both_(both), observer_(observer)
    {}
    pipeline(pipeline const&) = delete;
    pipeline& operator=(pipeline const&) = delete;

    /// Makes the chain match `specs` (ascending ids). New stages start, changed ones let go
    /// what they hold and go on with the new values, missing ones let go and disappear.
    void apply(std::vector<stage_spec> const& specs, time_point now);

    /// Bytes read from the socket at `now`. Call only while `accepts()`.
    void push(slice bytes, time_point now);
    /// The source ended at `now`. Nothing is pushed after it.
    void push_end(ending how, time_point now);
    /// Whether the first stage has room or, without stages, nothing waits; if not, stop reading
    /// (backpressure).
    [[nodiscard]] bool accepts() const;

    /// The connection is over: what is held will not leave.
    void abandon(time_point now);

    /// Moves what is due at `now` forward, as far as there is room, and some thousand pieces at
    /// most: then `next_due` is still in the past. How many it moved, from one toxic to the next.
    std::size_t advance(time_point now);
    /// When `advance` has to be called next; `never` if only new input or taking changes things.
    [[nodiscard]] time_point next_due() const;

    /// The oldest bytes that may leave, empty if none. After taking, call `advance` again:
    /// there may be room now.
    [[nodiscard]] std::string_view front() const;
    /// The first `count` bytes of `front()` were written.
    void consume(std::size_t count);
    /// Takes `front()`, which is not empty, out.
    [[nodiscard]] slice take();
    /// The end, once everything before it was consumed.
    [[nodiscard]] std::optional<ending> ended() const;

    /// The end is a reset, which need not wait for a receiver that does not read.
    [[nodiscard]] bool reset_pending() const { return end_ == ending::reset; }

    /// The toxic that ends the stream of its own accord; 0: none does.
    [[nodiscard]] std::uint64_t cut_by() const { return cut_by_; }

    /// A toxic will do something of its own accord, or holds what the receiver would take.
    [[nodiscard]] bool busy() const;

    /// No stage left and nothing held: the direct path may take over.
    [[nodiscard]] bool idle() const;
    /// Bytes inside, the output included.
    [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }
    /// What that costs in memory: a small piece takes far more than its bytes.
    [[nodiscard]] std::size_t held_cost_bytes() const;

private:
    /// What a queued item costs beside its bytes, so that a flood of tiny chunks is bounded too.
    static constexpr std::size_t item_cost_bytes = 96;

    struct item {
        chunk data;
        std::optional<ending> end;  ///< set: this item is the end, without data
        time_point due;
    };
    enum class phase : std::uint8_t {
        waiting,  ///< for its trigger: passes everything on
        acting,
        retired,  ///< passes on what it still holds, and what comes
    };
    struct stage {
        stage_spec spec;
        phase is = phase::waiting;
        std::unique_ptr<toxic> actor;  ///< only while acting
        time_point began{};            ///< when the toxic was put in force
        std::uint64_t passed = 0;      ///< bytes, while waiting
        std::uint64_t hits = 0;        ///< that the trigger was asked about
        shared_act own_act;
        std::size_t queue_limit = 64 * 1024;  ///< the toxic's own once it acts
        std::deque<item> queue;
        std::size_t queued_cost = 0;  ///< bytes and bookkeeping of what is queued
        time_point alarm = never;
        time_point seen{};     ///< the latest time that the actor was told
        bool blocked = false;  ///< the head was due but there was no room behind
        bool ended = false;    ///< the end was queued: nothing more is taken in

        [[nodiscard]] bool full() const { return queued_cost >= queue_limit; }
    };
    class context;

    bool move_due(std::size_t index, time_point now);
    bool fire_alarm(stage& s, time_point now);
    void deliver(std::size_t index, item what, time_point arrival);
    void queue(stage& s, item what);
    static void let_go(stage& s, time_point due);
    void wait(stage& s, time_point now);
    chunk pass_while_waiting(stage& s, chunk c, time_point arrival);
    void release(stage& s, std::size_t count, time_point due);
    void start(stage& s, time_point now);
    void retire(stage& s, time_point now);
    void drop_finished_stages();
    [[nodiscard]] bool room_after(std::size_t index) const;

    std::vector<std::unique_ptr<stage>> stages_;
    std::deque<slice> output_;
    std::size_t output_bytes_ = 0;
    std::size_t held_bytes_ = 0;
    std::size_t held_pieces_ = 0;
    std::size_t moves_left_ = 0;  ///< of this `advance`
    std::uint64_t offset_;
    grant_book* both_;
    act_observer* observer_;
    std::optional<ending> end_;
    std::uint64_t cut_by_ = 0;
};

}  // namespace aconite
