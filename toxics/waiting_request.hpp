#pragma once

#include <aconite/conversation.hpp>
#include <aconite/operation.hpp>
#include <aconite/stream.hpp>
#include <aconite/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aconite {

/// The one request of a connection that waits for its time by a toxic's delay, and all that the
/// client sent behind it. What belongs to the request, `Request`, is the protocol's own, but for
/// its `bytes`.
template <class Request>
class waiting_request {
public:
    /// What goes on when the time has come.
    struct released {
        Request request;
        std::string behind;         ///< bytes that came after it
        std::optional<ending> end;  ///< and the end of the client's stream
    };

    [[nodiscard]] explicit operator bool() const { return waits_.has_value(); }

    /// Lets `request` wait as long as the toxics said; `bytes` is how much it holds.
    void begin(Request request, std::size_t bytes, operation_ruling const& ruling,
               conversation_context& link)
    {
        waits_ = waiting{{std::move(request), {}, {}},
                         bytes,
                         later(link.now(), ruling.delay),
                         ruling.delayed_by};
        link.wake_at(waits_->due);
    }

    /// Puts `bytes` behind the request that waits.
    void add(std::string_view bytes) { waits_->what.behind.append(bytes); }

    /// Whether the client's stream is to end only behind what waits.
    [[nodiscard]] bool keeps_end(ending how)
    {
        bool const keeps = waits_ && how == ending::half_close;
        if (keeps)
            waits_->what.end = how;
        return keeps;
    }

    /// Whether its time has come.
    [[nodiscard]] bool is_due(conversation_context const& link) const
    {
        return waits_ && waits_->due <= link.now();
    }
    /// Whether the toxic that it waits for is gone, or not as it was.
    [[nodiscard]] bool is_free(conversation_context const& link) const
    {
        return waits_ && !link.lives(waits_->toxic);
    }

    /// What waits no longer.
    [[nodiscard]] released take(conversation_context& link)
    {
        link.wake_at(never);
        return std::exchange(waits_, std::nullopt)->what;
    }

    /// What waits goes on as it is, with what is behind it. The end of the client's stream, which
    /// goes on behind that; none: it has not come.
    [[nodiscard]] std::optional<ending> pass_on(conversation_context& link)
    {
        if (!waits_)
            return std::nullopt;
        auto const waited = take(link);
        link.send(stream::upstream, waited.request.bytes);
        link.send(stream::upstream, waited.behind);
        return waited.end;
    }

    /// Bytes that are held, of the request and of what is behind it.
    [[nodiscard]] std::size_t held_bytes() const
    {
        return waits_ ? waits_->bytes + waits_->what.behind.size() : 0;
    }

private:
    struct waiting {
        released what;
        std::size_t bytes = 0;
        time_point due{};
        toxic_version toxic{};
    };

    std::optional<waiting> waits_;
};

}  // namespace aconite
