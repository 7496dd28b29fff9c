#pragma once

#include "proxy/alarms.hpp"
#include "proxy/endpoint.hpp"
#include "proxy/pipeline.hpp"
#include "proxy/plan.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace aconite {

class session;

/// One direction of a session: reads one socket, lets the bytes through the toxics if there
/// are any, writes the other. Without toxics and with nothing waiting it owns no memory.
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

    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] std::uint64_t received_bytes() const { return received_bytes_; }

private:
    bool fill(std::span<char> scratch, time_point now);
    void drain(time_point now);
    void account();
    void forward(std::string_view bytes, time_point now);
    void end_input(ending how, time_point now);
    void finish(ending how);
    void destination_failed(int error);
    std::size_t send(std::string_view bytes);
    pipeline& line(std::uint64_t offset);

    session& owner_;
    stream direction_;
    endpoint& from_;
    endpoint& to_;
    std::unique_ptr<pipeline> line_;  ///< null: the direct path
    std::uint64_t received_bytes_ = 0;
    std::size_t accounted_bytes_ = 0;  ///< of line_, as the shard's budget knows them
    bool input_ended_ = false;
    bool source_failed_ = false;
    bool done_ = false;
};

}  // namespace aconite
