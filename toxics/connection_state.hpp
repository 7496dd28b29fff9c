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
};

}  // namespace aconite::toxics
