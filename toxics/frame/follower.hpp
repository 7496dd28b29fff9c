#pragma once

#include "toxics/doom.hpp"
#include "toxics/frame/fault.hpp"
#include "toxics/frame/frame_reader.hpp"
#include "toxics/frame/framing.hpp"
#include "toxics/frame/outbox.hpp"

#include <aconite/conversation.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::frame {

/// One connection of a protocol of which only its frames are known. Each direction is cut into
/// frames by itself. Without a toxic on it they are only counted, and all passes as it comes; with
/// one a frame is held until it is whole, if it is not too large.
class follower final : public conversation {
public:
    /// A larger frame is judged by its beginning, and its bytes go on as they come.
    static constexpr std::size_t held_bytes_max = 64 * 1024;
    /// So many answers may be due to be lost.
    static constexpr std::size_t losses_max = 1024;

    explicit follower(std::shared_ptr<framing const> how);

    void on_data(stream on, std::string_view bytes, conversation_context& link) override;
    void on_end(stream on, ending how, conversation_context& link) override;
    void on_alarm(conversation_context& link) override;
    void on_change(conversation_context& link) override;
    [[nodiscard]] std::size_t held_bytes(stream on) const override;
    [[nodiscard]] std::uint64_t unseen_bytes(stream on) const override;
    void on_unseen(stream on, std::uint64_t count) override;

private:
    /// What becomes of the bytes of the frame that is read.
    enum class fate : std::uint8_t {
        open,  ///< they are held until that is known
        pass,
        drop,
    };
    /// A frame that others overtake.
    struct late_frame {
        std::string bytes;
        std::uint64_t others = 0;  ///< so many more
        time_point until{};
        toxic_version toxic{};
    };
    struct end_behind {
        ending how = ending::reset;
        std::uint64_t toxic = 0;
        time_point due{};
    };
    /// One direction.
    struct side {
        side(framing const& how, std::uint64_t skip) : reader(how, skip) {}

        frame_reader reader;
        outbox out;
        std::optional<late_frame> late;
        std::optional<end_behind> end;  ///< as soon as the frame is over
        std::string held;               ///< of the frame
        time_point held_until{};        ///< unless more of it comes
        fate becomes = fate::pass;
        std::uint64_t ordinal = 0;
        std::uint64_t offset = 0;  ///< of the frame in the stream
        bool over = false;         ///< what comes is thrown away
    };
    [[nodiscard]] side& of(stream on) { return sides_[static_cast<std::size_t>(on)]; }
    [[nodiscard]] side const& of(stream on) const { return sides_[static_cast<std::size_t>(on)]; }

    // What is read: follower.cpp.
    bool begin(stream on, std::string_view before, conversation_context& link);
    void finish(stream on, conversation_context& link);
    void put(stream on, std::string_view bytes, conversation_context& link);
    void give_up(stream on, std::string_view rest, conversation_context& link);
    void let_go(conversation_context& link);
    void let_part_go(stream on, conversation_context& link);
    void put_late(stream on, conversation_context& link);

    // What toxics do to it: rulings.cpp.
    bool rule(stream on, std::string_view bytes, std::string_view before,
              conversation_context& link);
    void carry_out(stream on, std::string_view bytes, operation const& about,
                   operation_ruling const& ruling, conversation_context& link);
    lost_reply_ptr take_loss();
    void forget_losses(conversation_context const& link);
    void disconnect(stream on, ending how, time_point due, std::uint64_t toxic);

    std::shared_ptr<framing const> how_;
    std::array<side, stream_count> sides_;
    toxics::doom doom_;
    lost_reply_ptr next_lost_;               ///< the next frame of the server; null: it is told
    std::vector<lost_reply_ptr> same_lost_;  ///< those of the same ordinals
    lost_reply_ptr last_lost_;  ///< the connection ends with it, behind what waits; null: none
};

}  // namespace aconite::frame
