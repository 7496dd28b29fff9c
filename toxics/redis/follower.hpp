#pragma once

#include "toxics/connection_state.hpp"
#include "toxics/doom.hpp"
#include "toxics/redis/command_reader.hpp"
#include "toxics/redis/common.hpp"
#include "toxics/redis/fault.hpp"
#include "toxics/redis/miss.hpp"
#include "toxics/redis/question.hpp"
#include "toxics/redis/session.hpp"
#include "toxics/redis/told_addresses.hpp"
#include "toxics/redis/value_reader.hpp"
#include "toxics/waiting_request.hpp"

#include <aconite/conversation.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace aconite::redis {

/// One connection of a client of Redis, both directions of it. Servers answer in the order of the
/// commands, so what an answer is to is known from a queue; what they send unasked is told by its
/// form. Without a toxic only that is looked at, and texts pass unseen.
class follower final : public conversation {
public:
    /// A command or an answer that a toxic acts on is held whole up to this size.
    static constexpr std::size_t held_bytes_max = 1 << 20;
    /// With more commands unanswered no more are read.
    static constexpr std::size_t unanswered_max = 1 << 16;

    explicit follower(std::shared_ptr<proxy_memory> common) : common_(std::move(common)) {}

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
        operation about{};         ///< without its facts
        std::string error;         ///< its line, if one is told; of nil too, where it is always one
        std::uint16_t slot = 0;    ///< of the first key
        std::string command;       ///< whose answer is remembered: all of it
        bool instead = false;      ///< the server was asked for something that it refuses
        miss misses = miss::none;  ///< of nil: what is told
    };
    using treatment_ptr = std::shared_ptr<treatment const>;

    /// A command that has an answer.
    struct asked {
        effect changes = effect::none;
        telling tells = telling::nothing;
        treatment_ptr how{};  ///< null: the answer goes on as it comes
    };
    /// What goes to the server for a command.
    struct passage {
        std::string bytes;
        std::optional<asked> expects;
    };
    /// What becomes of the bytes that are read.
    enum class fate : std::uint8_t {
        open,  ///< they are held until that is known
        pass,
        drop,
    };

    // Commands: client_side.cpp.
    void take_commands(std::string_view bytes, conversation_context& link);
    void begin_command(conversation_context& link);
    void end_command();
    std::optional<asked> note_command(treatment_ptr how);
    void pass_command(passage what, conversation_context& link);
    void let_go(conversation_context& link);

    // What toxics do to them: rulings.cpp.
    void ask_of_key(conversation_context& link);
    bool rule_on_command(std::string_view bytes, std::string_view before,
                         conversation_context& link);
    std::optional<passage> carry_out(operation_ruling const& ruling, operation const& about,
                                     std::string_view bytes, conversation_context& link);

    // Answers: server_side.cpp.
    void take_answers(std::string_view bytes, conversation_context& link);
    void begin_value(char first, conversation_context& link);
    void rule_on_value(conversation_context& link);
    void rule_on_push(conversation_context& link);
    void let_value_go(conversation_context& link);
    void drop_value();
    void end_value(conversation_context& link);
    [[nodiscard]] bool may_be_push(char first) const;
    [[nodiscard]] bool is_push() const;

    // What faults do to them: treatment.cpp.
    [[nodiscard]] bool has_miss(treatment const& how) const;
    void treat(treatment const& how, bool is_all, conversation_context& link);
    void put_old(treatment const& how, conversation_context& link);

    // Addresses in them: addresses.cpp.
    [[nodiscard]] bool stays_in_run(std::string_view error) const;
    void take_error(std::string_view part, conversation_context& link);
    void put_error(std::string_view text, conversation_context& link);
    void keep_inside(conversation_context& link);
    static std::string own_node(conversation_context& link);
    std::string take_held_answer();

    void give_up(conversation_context& link);

    std::shared_ptr<proxy_memory> common_;
    session session_;
    question asking_;
    toxics::connection_state state_;
    toxics::doom doom_;
    bool begun_ = false;           ///< the first byte was looked at
    std::string_view gives_up_{};  ///< why, for as long as that is to be done
    std::uint64_t ordinal_ = 0;    ///< of the next operation

    // What the client sends.
    command_reader command_;
    fate command_fate_ = fate::pass;
    bool asks_ = false;  ///< toxics are asked about the command that is read
    std::string held_;   ///< of it
    std::uint64_t offset_ = 0;
    std::uint64_t command_bytes_ = 0;
    waiting_request<passage> waits_;
    bool loses_ = false;                            ///< all that comes, since a command was lost
    std::unordered_set<std::uint16_t> told_slots_;  ///< the client knows that they have moved

    // What the server answers.
    std::deque<asked> unanswered_;
    value_reader value_;
    bool value_begun_ = false;
    fate value_fate_ = fate::pass;
    std::string answer_;         ///< of the value that is read, held
    std::string error_;          ///< of the error in it that is read, held
    bool error_passes_ = false;  ///< it is too large to be held
};

}  // namespace aconite::redis
