#pragma once

#include "proxy/forwarding/bulk_meter.hpp"
#include "proxy/forwarding/endpoint.hpp"
#include "proxy/forwarding/pacer.hpp"
#include "proxy/forwarding/splice_pipe.hpp"
#include "proxy/loop/alarms.hpp"
#include "proxy/pipeline/pipeline.hpp"
#include "proxy/pipeline/plan.hpp"

#include <aconite/journal.hpp>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

class read_buffer;
class session;
class talk;

/// One direction of a session: reads one socket, lets the bytes through the toxics if there
/// are any, writes the other. Bytes wait in one place at a time: in the pipeline, if there are
/// toxics or a write took only a part, or in a kernel pipe on their way past the process, if
/// there are none and the reads are large. With nothing waiting it owns neither.
///
/// Where the session follows its protocol, its talk stands at the server's end of both links:
/// up    client -> toxics -> talk -> server
/// down  server -> talk -> toxics -> client
class link final : public alarm, public act_observer {
public:
    link(session& owner, stream direction, endpoint& from, endpoint& to)
        : owner_(owner), direction_(direction), from_(from), to_(to)
    {}

    /// Moves bytes until a socket would block, a toxic holds them, or the turn's budget is
    /// used up. Whether it was the budget: then call again after the others had their turn.
    bool pump(time_point now);

    /// Puts the toxics of `next` in force.
    void apply(plan const& next, time_point now);

    void on_alarm(time_point now) override;
    void on_act(stage_spec const& who, toxic_act const& what) override;

    /// Has what the kernel dropped so far counted.
    void count_drops(time_point now);

    /// The session is over: lets go of everything that is held.
    void abandon();

    /// What the session's talk lets go on, or its end.
    void leave_talk(std::string_view bytes);
    void end_talk(ending how);

    /// A write to the source failed: what can still be read of it is passed on, then its end
    /// counts as a reset.
    void source_failed();

    /// For how long no byte came or left; zero while a toxic is busy with it.
    [[nodiscard]] duration idle_time() const;

    /// It moves large pieces, which may wait for a turn.
    [[nodiscard]] bool bulk() const { return meter_.bulk(); }
    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] std::uint64_t received_bytes() const { return received_bytes_; }

private:
    /// A toxic in whose place the link paces its reads.
    struct pace {
        pacer keeper;
        stage_spec by;
        bool counted = false;  ///< as a hit
    };
    /// A toxic in whose place the kernel drops segments.
    struct drops {
        double rate = 0;
        std::uint32_t counted = 0;  ///< as the socket tells
        stage_spec by;
        bool affects = false;  ///< dropped some of this connection
    };

    [[nodiscard]] ended_by source() const;
    [[nodiscard]] ended_by destination() const;
    void count_paced(std::size_t bytes, time_point now);
    bool fill(time_point& now);
    bool drain(time_point now);
    bool drain_pipe();
    void drain_line(time_point now);
    void drain_to_talk(talk& to, time_point now);
    void drain_to_socket(std::unique_ptr<pipeline>& from, time_point now);
    bool splices();
    void leave_to_kernel(std::vector<stage_spec>& specs);
    int drop_received(double rate, stage_spec const* by);
    bool pace_by(std::vector<stage_spec> const& specs);
    [[nodiscard]] time_point next_due() const;
    void spend(std::size_t bytes) { turn_left_bytes_ -= std::min(turn_left_bytes_, bytes); }
    void unsplice(time_point now);
    void return_pipe();
    void account();
    void take_in(read_buffer& buffer, std::size_t count, time_point now);
    void forward(read_buffer& buffer, std::size_t count, time_point now);
    void put_out(std::string_view bytes, time_point now);
    void end_input(ending how, time_point now);
    void end_toxics(ending how, time_point now);
    void finish(ending how);
    /// The talk in front of the toxics, or behind them; null if it does not stand there.
    [[nodiscard]] talk* talk_ahead() const;
    [[nodiscard]] talk* talk_behind() const;
    void destination_failed(int error);
    std::size_t send(std::string_view bytes);
    pipeline& line(std::uint64_t offset);
    pipeline& line_in(std::unique_ptr<pipeline>& which, std::uint64_t offset);

    session& owner_;
    stream direction_;
    endpoint& from_;
    endpoint& to_;
    std::unique_ptr<pipeline> line_;     ///< null: the direct path
    std::unique_ptr<pipeline> queue_;    ///< behind the talk, without toxics; null: nothing waits
    std::unique_ptr<splice_pipe> pipe_;  ///< null: nothing is being spliced
    std::unique_ptr<pace> pace_;         ///< null: reads as fast as it can
    std::unique_ptr<drops> drops_;       ///< null: no filter on the source
    std::uint64_t received_bytes_ = 0;
    std::size_t turn_left_bytes_ = 0;  ///< of what the toxics let go, and writes have a cost
    std::size_t accounted_bytes_ = 0;  ///< of line_, as the shard's budget knows them
    bulk_meter meter_;
    bool input_ended_ = false;
    bool source_failed_ = false;
    bool toxics_ended_ = false;  ///< and the talk behind them knows
    bool pumping_ = false;
    bool done_ = false;
};

}  // namespace aconite
