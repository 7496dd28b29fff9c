#pragma once

#include "proxy/loop/alarms.hpp"
#include "proxy/pipeline/operation_rules.hpp"
#include "proxy/pipeline/plan.hpp"

#include <aconite/conversation.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace aconite {

class session;

/// A session's conversation, between its two links: what they read comes here before it goes to
/// the server, and before it goes to the toxics on its way to the client.
class talk final : private alarm, private conversation_context, private operation_observer {
public:
    /// Both references outlive it.
    talk(session& owner, protocol_type const& protocol,
         std::shared_ptr<protocol_common> const& common);

    /// Puts the toxics of `next` in force.
    void apply(plan const& next, time_point now);

    /// Bytes, or their end, for the server or from it.
    void on_data(stream on, std::string_view bytes, time_point now);
    void on_end(stream on, ending how, time_point now);

    /// Whether there is room for more from that side.
    [[nodiscard]] bool accepts(stream on) const;
    /// What is kept here.
    [[nodiscard]] std::size_t held_bytes() const;
    /// So many of the bytes that come next may pass without coming here.
    [[nodiscard]] std::uint64_t unseen_bytes(stream on) const;
    void on_unseen(stream on, std::uint64_t count);

    /// The session is over.
    void close();

private:
    class turn;

    void on_alarm(time_point now) override;
    [[nodiscard]] bool is_full(stream on) const;

    [[nodiscard]] time_point now() const override { return now_; }
    void send(stream on, std::string_view bytes) override;
    void end(stream on, ending how, std::uint64_t toxic) override;
    void wake_at(time_point at) override;
    [[nodiscard]] bool asks() const override { return !rules_.empty(); }
    [[nodiscard]] bool asks(stream on) const override { return rules_.any_on(on); }
    operation_ruling ask(operation const& what) override;
    void tell(std::uint64_t toxic, operation const& what, std::string_view how) override;
    [[nodiscard]] bool lives(toxic_version const& toxic) const override
    {
        return rules_.lives(toxic);
    }
    std::optional<server_place> place_of(std::int64_t broker, server_place const& there) override;
    std::optional<server_place> place_at(server_place const& there) override;
    [[nodiscard]] std::optional<server_place> server() const override;
    void tell_bypass(std::string_view where) override;
    void tell_unknown(std::string_view what) override;
    void give_up(std::string_view why) override;

    void on_hit(std::uint64_t toxic, operation const& what, duration delay) override;

    session& owner_;
    protocol_type const& protocol_;
    std::unique_ptr<conversation> mind_;  ///< null: it is not followed any more
    operation_rules rules_{*this};
    time_point now_{};
    std::array<bool, stream_count> full_{};  ///< as the last call left it
    bool gave_up_ = false;
    bool closed_ = false;
};

}  // namespace aconite
