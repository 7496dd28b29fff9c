#pragma once

#include "toxics/connection_state.hpp"
#include "toxics/doom.hpp"
#include "toxics/message_lane.hpp"
#include "toxics/mongodb/fault.hpp"
#include "toxics/mongodb/request.hpp"
#include "toxics/mongodb/wire.hpp"
#include "toxics/waiting_request.hpp"

#include <aconite/conversation.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::mongodb {

/// One connection of a client of MongoDB, both directions of it. Keeps the client inside the proxy:
/// the members that the answer to a hello names get the names that they have there. An answer says
/// which request it is to, so only those requests are kept in mind whose answers are of interest.
/// Without a toxic all but hellos is looked at up to the name of the command.
class follower final : public conversation {
public:
    /// A command, or an answer that is to be read, is held whole up to this size.
    static constexpr std::size_t held_bytes_max = 1 << 20;
    /// With more answers that are waited for no more requests are read.
    static constexpr std::size_t unanswered_max = 4096;

    void on_data(stream on, std::string_view bytes, conversation_context& link) override;
    void on_end(stream on, ending how, conversation_context& link) override;
    void on_alarm(conversation_context& link) override;
    void on_change(conversation_context& link) override;
    [[nodiscard]] std::size_t held_bytes(stream on) const override;
    [[nodiscard]] std::uint64_t unseen_bytes(stream on) const override;
    void on_unseen(stream on, std::uint64_t count) override;

private:
    /// A fault on its way to an answer.
    struct treatment {
        std::shared_ptr<fault const> what;
        std::uint64_t toxic = 0;
        std::string error;  ///< the document that is told, if one is
    };
    using treatment_ptr = std::shared_ptr<treatment const>;

    /// A request whose answer is of interest.
    struct asked {
        bool is_hello = false;
        treatment_ptr how{};  ///< null: nothing is done to the answer
        bool told = false;    ///< an error in its place: what comes behind it is dropped
    };
    /// An answer that the server did not give.
    struct own_answer {
        std::string bytes;
        outcome then = outcome::goes_on;
        treatment_ptr how;
    };
    /// What goes to the server for a request, or is told in its place.
    struct passage {
        std::string bytes{};  ///< of the message; more of it may follow
        std::int32_t id = 0;
        std::optional<asked> expects{};
        std::optional<own_answer> refusal{};  ///< then all of the message is dropped
    };

    // Requests: request_side.cpp.
    void take_requests(std::string_view bytes, conversation_context& link);
    bool begin_request(std::string_view rest, conversation_context& link);
    void hold_more(conversation_context& link);
    void finish_request(conversation_context& link);
    void pass_request(passage what, conversation_context& link);
    void let_go(conversation_context& link);
    void tell_once(bool& told, std::string_view what, conversation_context& link);

    // What toxics do to them: rulings.cpp.
    std::optional<passage> rule_on(std::string bytes, request const& what, operation_ruling& ruling,
                                   conversation_context& link);
    std::optional<passage> carry_out(operation_ruling const& ruling, operation const& about,
                                     passage made, request const& what, conversation_context& link);

    // Answers: answer_side.cpp.
    void take_answers(std::string_view bytes, conversation_context& link);
    bool begin_answer(std::string_view rest, conversation_context& link);
    void follow_on(std::string_view answer, asked what);
    void lose_answer(treatment const& how, conversation_context& link);
    void finish_answer(conversation_context& link);
    void tell_error(message_head const& head, treatment_ptr const& how, conversation_context& link);
    void send_own(conversation_context& link);
    [[nodiscard]] std::string inside(std::string_view member, conversation_context& link) const;

    message_lane& lane(stream on) { return on == stream::upstream ? requests_ : answers_; }
    void not_followed(std::string_view why);
    void give_up_if_due(conversation_context& link);

    toxics::connection_state state_;
    toxics::doom doom_;
    bool begun_ = false;           ///< the first bytes were looked at
    std::string_view gives_up_{};  ///< why, once no answer is half read
    std::string app_name_;         ///< as a hello said
    std::int32_t next_id_ = 1;     ///< of an answer of our own
    bool told_compressed_ = false;
    bool told_old_ = false;
    bool told_unread_ = false;

    // What the client sends.
    message_lane requests_;
    message_head request_{};     ///< what is held begins with
    std::uint64_t offset_ = 0;   ///< of the next request in what the client sent
    std::uint64_t ordinal_ = 0;  ///< of the next operation
    waiting_request<passage> waits_;
    std::optional<own_answer> refusal_;  ///< is told once all of the request was dropped

    // What the server answers.
    std::map<std::int32_t, asked> unanswered_;  ///< by the id of the request
    asked answered_;                            ///< whose answer is read
    message_lane answers_;
    std::deque<own_answer> own_;  ///< for when the client expects an answer to begin
    std::size_t own_bytes_ = 0;   ///< of those
};

}  // namespace aconite::mongodb
