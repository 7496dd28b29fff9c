#pragma once

#include "toxics/doom.hpp"
#include "toxics/postgres/backlog.hpp"
#include "toxics/postgres/fault.hpp"
#include "toxics/postgres/frames.hpp"
#include "toxics/postgres/kept_statements.hpp"
#include "toxics/postgres/protocol.hpp"
#include "toxics/postgres/session_keys.hpp"
#include "toxics/postgres/statement.hpp"

#include <aconite/conversation.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::postgres {

/// Follows a session of PostgreSQL's protocol and does to it what its toxics want.
///
/// It knows what the client has asked for that is not answered yet, in order; each answer belongs
/// to the first of them. https://www.postgresql.org/docs/current/protocol-flow.html
class follower final : public conversation {
public:
    /// `keys` are those of its proxy.
    explicit follower(std::shared_ptr<session_keys> keys) : keys_(std::move(keys)) {}
    ~follower() override;
    follower(follower const&) = delete;
    follower& operator=(follower const&) = delete;

    void on_data(stream on, std::string_view bytes, conversation_context& link) override;
    void on_end(stream on, ending how, conversation_context& link) override;
    void on_alarm(conversation_context& link) override;
    void on_change(conversation_context& link) override;
    [[nodiscard]] std::size_t held_bytes(stream on) const override;
    [[nodiscard]] std::uint64_t unseen_bytes(stream on) const override;
    void on_unseen(stream on, std::uint64_t count) override;

private:
    /// What becomes of a message.
    enum class verdict : std::uint8_t {
        pass,
        drop,
        more,  ///< more of it has to be there to tell
        hold,  ///< it and all behind it wait, until the lane is let go
    };

    /// Why a lane stands still.
    enum class wait : std::uint8_t {
        none,
        time,   ///< until `until`, or the toxic is gone or changed
        toxic,  ///< until the toxic is gone or changed
        ready,  ///< until the server is ready
    };
    /// One direction.
    struct lane {
        backlog waiting;         ///< came, and was not looked at
        std::uint64_t seen = 0;  ///< bytes that are done with
        std::uint64_t rest = 0;  ///< bytes of a message that was looked at, still to come
        bool drops_rest = false;
        wait waits = wait::none;
        time_point until = never;
        toxic_version toxic{};        ///< that it waits for
        std::optional<ending> ended;  ///< behind what waits
        /// How the connection ends behind the rest, and by which toxic.
        std::optional<ending> cut;
        std::uint64_t cut_by = 0;
        std::optional<std::uint64_t> cut_after{};  ///< so much of the next message
        bool over = false;                         ///< it was cut: what comes is dropped

        /// It stands in the middle of a message that does not go on.
        [[nodiscard]] bool drops() const { return rest > 0 && drops_rest; }
    };

    /// A fault on its way through the answers.
    struct treatment {
        std::shared_ptr<fault const> what;
        toxic_version toxic{};
        operation about{};     ///< without its facts
        bool told = false;     ///< an error was told for it
        bool commits = false;  ///< it is in the place of a commit: the transaction is rolled back
        bool fails_copy = false;  ///< it is in the place of the end of a COPY
        std::uint64_t rows = 0;
        std::uint64_t bytes = 0;
        time_point began = never;
    };
    using treatment_ptr = std::shared_ptr<treatment>;

    /// What the journal says of an operation that a toxic acted on in vain.
    static constexpr std::string_view skipped =
        "the server skipped it: what came before it had failed";

    /// Something that the client asked for, or we did in its place.
    struct asked {
        enum class kind : std::uint8_t {
            startup,
            query,
            function,
            parse,
            bind,
            close,
            describe,
            execute,
            sync,
            copy_end,  ///< no answer of its own
            cut,       ///< nothing is asked: an answer of ours, if any, and the end
        };
        kind is = kind::sync;
        /// The client does not know of it: its answers are dropped.
        bool ours = false;
        treatment_ptr treats{};  ///< null: its answers pass
    };
    enum class stage : std::uint8_t {
        first,           ///< the first message, which has no type
        encryption,      ///< it was answered with one byte
        startup,         ///< until the first ReadyForQuery
        authentication,  ///< the server waits for a password
        ready,
    };

    class run;

    std::size_t feed(stream on, std::string_view bytes, conversation_context& link);
    void resume(stream on, conversation_context& link);
    verdict hold(stream on, wait why, toxic_version const& toxic, time_point until,
                 conversation_context& link);
    void behind_message(stream on, conversation_context& link);
    void set_alarm(conversation_context& link);
    void put(stream on, std::string_view bytes, conversation_context& link);
    void cut(stream on, ending how, std::uint64_t toxic, conversation_context& link);
    void give_up(std::string_view why, conversation_context& link);
    void let_go(conversation_context& link);
    void finish_lane(stream on, conversation_context& link);
    lane& of(stream on) { return lanes_[static_cast<std::size_t>(on)]; }
    [[nodiscard]] lane const& of(stream on) const { return lanes_[static_cast<std::size_t>(on)]; }

    // first_message.cpp: who connects.
    verdict on_first(std::string_view bytes, std::uint64_t& size, conversation_context& link);
    verdict on_startup(std::string_view body, conversation_context& link);

    // client_side.cpp: what the client asks for.
    verdict on_client(std::string_view bytes, std::uint64_t& size, conversation_context& link);
    verdict on_client_message(message const& m, conversation_context& link);
    void drop_ruling(conversation_context& link);
    verdict on_parse(message const& m);
    verdict on_bind(message const& m);
    verdict on_close(message const& m);
    verdict on_execute(message const& m, conversation_context& link);
    verdict on_query(message const& m, conversation_context& link);
    verdict on_copy_done(conversation_context& link);
    verdict on_sync(conversation_context& link);
    verdict ask_for(statement const& what, std::string_view phase, std::optional<asked::kind> is,
                    conversation_context& link);
    std::optional<operation_ruling> ask(statement const& what, std::string_view phase,
                                        conversation_context& link);
    verdict apply(operation_ruling const& ruling, statement const& what, std::string_view phase,
                  std::optional<asked::kind> is, conversation_context& link);
    void enter(std::optional<asked::kind> is, treatment_ptr what);
    verdict answer_and_cut(treatment_ptr what, conversation_context& link);
    verdict replace(std::string_view sql, std::optional<asked::kind> is, treatment_ptr what,
                    conversation_context& link);

    // server_side.cpp: what the server answers.
    verdict on_server(std::string_view bytes, std::uint64_t& size, conversation_context& link);
    verdict on_server_message(message const& m, conversation_context& link);
    verdict on_answer(message const& m, conversation_context& link);
    verdict on_ready(message const& m, conversation_context& link);
    void note_key();
    void skip_to_sync(conversation_context& link);
    void settle(conversation_context& link);

    // copy.cpp: rows that it takes.
    void begin_copy_in();
    void fail_copy_in(conversation_context& link);

    // treatment.cpp: what the client gets to see of its answers.
    verdict treat(message const& m, asked::kind is, treatment_ptr const& what,
                  conversation_context& link);
    verdict tell_raised(message const& m, treatment& what, conversation_context& link);
    verdict tell_instead(message const& m, asked::kind is, treatment_ptr const& what,
                         conversation_context& link);
    verdict lose(message const& m, asked::kind is, treatment_ptr const& what,
                 conversation_context& link);
    verdict cut_behind(message const& m, asked::kind is, treatment_ptr const& what);
    verdict pace(message const& m, treatment& what, conversation_context& link);
    verdict cut_short(message const& m, treatment& what, conversation_context& link);
    void cut_behind_rest(treatment const& what);
    static bool is_answered_by(asked::kind is, char type);
    [[nodiscard]] bool sync_follows() const;

    std::array<lane, stream_count> lanes_;
    std::array<run*, stream_count> runs_{};
    stage stage_ = stage::first;
    bool gave_up_ = false;
    std::string why_;          ///< it gave up, as long as that is not told
    bool over_ = false;        ///< the client's bytes go nowhere any more
    bool discarding_ = false;  ///< the server ignores what comes up to a Sync
    bool copy_in_ = false;     ///< and what comes up to the end of a COPY
    bool may_resume_ = false;  ///< the client's lane waited for what is there now
    /// What the answers up to the next ReadyForQuery are dropped for; null: they pass.
    treatment_ptr until_ready_;
    treatment_ptr cut_at_ready_;  ///< the connection ends behind the next ReadyForQuery
    treatment_ptr committing_;    ///< in the place of a commit, whose Sync is still to come

    std::deque<asked> asked_;
    toxics::doom doom_;
    std::uint64_t ordinal_ = 0;
    operation about_{};                      ///< the last that was asked for, without its facts
    std::optional<operation_ruling> ruled_;  ///< of an operation that has waited
    kept_statements statements_;
    kept_statements portals_;
    std::shared_ptr<statement const> copying_ = kept_statements::none();
    std::shared_ptr<session_keys> keys_;
    std::string key_;  ///< of this session; empty: none yet
    std::string user_;
    std::string database_;
    std::string application_name_;
    char state_ = 'I';
};

}  // namespace aconite::postgres
