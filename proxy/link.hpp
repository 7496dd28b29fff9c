#pragma once

#include "proxy/alarms.hpp"
#include "proxy/bulk_meter.hpp"
#include "proxy/endpoint.hpp"
#include "proxy/pacer.hpp"
#include "proxy/pipeline.hpp"
#include "proxy/plan.hpp"
#include "proxy/splice_pipe.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

class read_buffer;
class session;

/// One direction of a session: reads one socket, lets the bytes through the toxics if there
/// are any, writes the other. Bytes wait in one place at a time: in the pipeline, if there are
/// toxics or a write took only a part, or in a kernel pipe on their way past the process, if
/// there are none and the reads are large. With nothing waiting it owns neither.
class link final : public alarm {
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

    /// The session is over: lets go of everything that is held.
    void abandon();

    /// A write to the source failed: what can still be read of it is passed on, then its end
    /// counts as a reset.
    void source_failed();

    /// It moves large pieces, which may wait for a turn.
    [[nodiscard]] bool bulk() const { return meter_.bulk(); }
    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] std::uint64_t received_bytes() const { return received_bytes_; }

private:
    bool fill(time_point& now);
    bool drain(time_point now);
    bool drain_pipe();
    void drain_line(time_point now);
    bool splices();
    void leave_to_kernel(std::vector<stage_spec>& specs);
    int drop_received(double rate);
    bool pace(std::vector<stage_spec> const& specs);
    [[nodiscard]] time_point next_due() const;
    void spend(std::size_t bytes) { turn_left_bytes_ -= std::min(turn_left_bytes_, bytes); }
    void unsplice(time_point now);
    void return_pipe();
    void account();
    void forward(read_buffer& buffer, std::size_t count, time_point now);
    void end_input(ending how, time_point now);
    void finish(ending how);
    void destination_failed(int error);
    std::size_t send(std::string_view bytes);
    pipeline& line(std::uint64_t offset);

    session& owner_;
    stream direction_;
    endpoint& from_;
    endpoint& to_;
    std::unique_ptr<pipeline> line_;                    ///< null: the direct path
    std::unique_ptr<splice_pipe> pipe_;                 ///< null: nothing is being spliced
    std::unique_ptr<pacer> pacer_;                      ///< null: reads as fast as it can
    std::pair<std::uint64_t, std::uint64_t> paced_by_;  ///< id and version of its toxic
    double drop_rate_ = 0;  ///< of the filter on the source; 0: there is none
    std::uint64_t received_bytes_ = 0;
    std::size_t turn_left_bytes_ = 0;  ///< of what the toxics let go, and writes have a cost
    std::size_t accounted_bytes_ = 0;  ///< of line_, as the shard's budget knows them
    bulk_meter meter_;
    bool input_ended_ = false;
    bool source_failed_ = false;
    bool done_ = false;
};

}  // namespace aconite
