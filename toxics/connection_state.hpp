#pragma once

#include "toxics/outcome.hpp"

#include <aconite/conversation.hpp>
#include <aconite/stream.hpp>
#include <aconite/toxic.hpp>

#include <cstdint>

namespace aconite::toxics {

/// Whether a connection still goes on, and how a fault puts an end to that.
class connection_state {
public:
    /// Else what comes goes no further.
    [[nodiscard]] bool is_open() const { return state_ == state::open; }
    /// It was ended here.
    [[nodiscard]] bool is_over() const { return state_ == state::over; }

    /// A fault, `by`, will end it at an answer that is still to come: no toxic has a say in what
    /// the client asks for until then.
    void doom(void const* by) { doomed_by_ = by; }
    [[nodiscard]] bool is_doomed() const { return doomed_by_ != nullptr; }
    /// That answer has come, and the connection goes on.
    void spare(void const* by)
    {
        if (doomed_by_ == by)
            doomed_by_ = nullptr;
    }

    /// It ends behind what the client was sent.
    void end(ending how, std::uint64_t toxic, conversation_context& link)
    {
        state_ = state::over;
        link.end(stream::downstream, how, toxic);
    }
    /// It ends or stands still, as `then` says.
    void end(outcome then, std::uint64_t toxic, conversation_context& link)
    {
        if (then == outcome::stall)
            state_ = state::stalled;
        else
            end(ending_of(then), toxic, link);
    }

private:
    enum class state : std::uint8_t { open, stalled, over };

    state state_ = state::open;
    void const* doomed_by_ = nullptr;
};

}  // namespace aconite::toxics
