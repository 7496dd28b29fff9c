#pragma once

#include "toxics/connection_state.hpp"
#include "toxics/doom.hpp"
#include "toxics/kafka/address_book.hpp"
#include "toxics/kafka/outline.hpp"
#include "toxics/kafka/response_rewriter.hpp"
#include "toxics/kafka/topics.hpp"
#include "toxics/kafka/treatment.hpp"
#include "toxics/message_lane.hpp"
#include "toxics/waiting_request.hpp"

#include <aconite/conversation.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::kafka {

/// One connection of a Kafka client, both directions of it. Keeps the client inside the proxy: each
/// address of a broker that an answer tells goes through the connection's book of brokers. Brokers
/// answer in the order of the requests, so what an answer is is known from a queue. Without a toxic
/// only the head of a frame is looked at, and of answers that carry addresses what has them.
class follower final : public conversation {
public:
    /// A request or an answer that a toxic may act on is held whole up to this size.
    static constexpr std::size_t frame_bytes_max = 4 << 20;
    /// With more requests unanswered no more are read.
    static constexpr std::size_t unanswered_max = 4096;
    /// Or with so much kept of them until their answers come.
    static constexpr std::size_t kept_bytes_max = 1 << 20;

    explicit follower(std::shared_ptr<topics> known) : topics_(std::move(known)) {}

    void on_data(stream on, std::string_view bytes, conversation_context& link) override;
    void on_end(stream on, ending how, conversation_context& link) override;
    void on_alarm(conversation_context& link) override;
    void on_change(conversation_context& link) override;
    [[nodiscard]] std::size_t held_bytes(stream on) const override;
    [[nodiscard]] std::uint64_t unseen_bytes(stream on) const override;
    void on_unseen(stream on, std::uint64_t count) override;

private:
    /// A request that has an answer.
    struct asked {
        std::int16_t api_key = 0;
        std::int16_t version = 0;
        std::int32_t correlation = 0;
        bool raw = false;                  ///< a token of SASL's: without a head, and so its answer
        std::shared_ptr<treatment> how{};  ///< null: the answer goes on as it comes
        std::string key{};                 ///< of Metadata: what was asked
        bool lost = false;                 ///< the answer goes no further
        bool unsure = false;               ///< perhaps there will be none: nobody can tell

        /// Bytes that are kept beside it.
        [[nodiscard]] std::size_t kept() const
        {
            return key.size() + (how ? how->moved.size() * sizeof(moved_partition) : 0);
        }
    };
    /// What stands at the beginning of each request.
    struct request_head {
        std::uint32_t size = 0;  ///< of the frame behind its length
        std::int16_t api_key = 0;
        std::int16_t version = 0;
        std::int32_t correlation = 0;

        [[nodiscard]] std::uint64_t whole() const { return 4 + std::uint64_t{size}; }
    };
    /// What goes to the broker for a request.
    struct passage {
        std::string bytes;
        std::optional<asked> expects;
    };
    /// Brokers' addresses by way of the connection that is being served.
    class book final : public address_book {
    public:
        conversation_context* link = nullptr;
        std::optional<broker_address> inside(std::int32_t node_id, std::string_view host,
                                             std::int32_t port) override;
    };

    // Requests: request_side.cpp.
    void take_requests(std::string_view bytes, conversation_context& link);
    bool begin_request(std::string_view rest, conversation_context& link);
    void tell_if_unknown(request_head const& head, conversation_context& link);
    void finish_request(conversation_context& link);
    void pass_request(passage what, conversation_context& link);
    void expect(asked what);
    void let_go(conversation_context& link);

    // What toxics do to them: rulings.cpp.
    void rule_on(std::string frame, request_head const& head, outline request,
                 conversation_context& link);
    bool carry_out(operation_ruling& ruling, operation const& about, std::string& frame,
                   outline const& request, request_facts const& facts,
                   std::optional<asked>& expects, conversation_context& link);

    // Answers: answer_side.cpp.
    void take_answers(std::string_view bytes, conversation_context& link);
    bool begin_answer(std::string_view rest, conversation_context& link);
    void lose_answer(treatment const& how, conversation_context& link);
    void finish_answer(conversation_context& link);
    void rewrite(std::string_view bytes, conversation_context& link);
    void end_rewriting(conversation_context& link);
    void take_from_the_past(std::string& frame, conversation_context& link);
    void note_topics(outline const& answer);
    void note_offsets(outline const& answer);

    message_lane& lane(stream on) { return on == stream::upstream ? requests_ : answers_; }
    void let_go_of(stream on, conversation_context& link);
    void name_topics(outline& what) const;
    void not_followed(std::string_view why);
    void give_up_if_due(conversation_context& link);

    std::shared_ptr<topics> topics_;
    book book_;
    toxics::connection_state state_;
    toxics::doom doom_;
    bool begun_ = false;           ///< the first byte was looked at
    std::string_view gives_up_{};  ///< why, once the answer that is read is over

    // What the client sends.
    message_lane requests_;
    request_head frame_head_;  ///< of the one that is held
    waiting_request<passage> waits_;
    std::uint64_t offset_ = 0;   ///< of the next request in what the client sent
    std::uint64_t ordinal_ = 0;  ///< of the next operation
    int raw_requests_ = 0;       ///< that follow and have no head
    bool loses_ = false;         ///< all that comes, since a request was lost
    bool told_large_ = false;    ///< of a request that is too large to be held

    // What the broker answers.
    std::deque<asked> unanswered_;
    std::size_t kept_bytes_ = 0;  ///< beside them
    asked answered_;              ///< whose answer is read
    message_lane answers_;
    std::optional<response_rewriter> rewriter_;  ///< takes what is wanted, which is not held then
    known_offsets offsets_;
    std::set<std::pair<std::int16_t, std::int16_t>> unknown_;  ///< that were told of
};

}  // namespace aconite::kafka
