#pragma once

#include "tests/unit/toxics/postgres/messages.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace aconite::test::pg {

/// Whether a message is a result of a statement, which no other statement has.
inline bool is_result(char type)
{
    return std::string_view("DdCI").find(type) != std::string_view::npos;
}

/// What statements do to the transaction of a model_server. It knows `begin`, `commit`, `rollback`,
/// `insert`, `select`, `copyin`, `copyout`, the empty one, `bad`, which fails once it is executed,
/// and what aconite says in their place: ROLLBACK, and a DO that raises an error.
class model_database {
public:
    struct outcome {
        std::string answer;    ///< whole messages
        std::string sqlstate;  ///< empty: it did not fail
        bool copies = false;   ///< the client has to send rows now
    };

    /// Executes one statement. Whoever asked by a Query has rows described.
    outcome run(std::string_view sql, bool by_query)
    {
        if (sql.starts_with("DO "))
            return fails(state_ == 'E' ? aborted : raised(sql));
        if (ends_block(sql))
            return end_block(sql);
        if (state_ == 'E' && !sql.empty())
            return fails(aborted);
        if (sql.starts_with("bad"))
            return fails("22012");
        if (sql.starts_with("copyin"))
            return {.answer = frame('G', std::string(3, '\0')), .sqlstate = {}, .copies = true};
        if (sql.starts_with("begin"))
            state_ = 'T';
        return gives(answer_to(sql, by_query));
    }
    /// All the rows of a COPY have come.
    std::string end_copy() { return gives(complete("COPY 1")).answer; }
    /// Something failed, be it a statement or a message around it.
    void fail() { state_ = state_ == 'T' ? 'E' : state_; }

    [[nodiscard]] char state() const { return state_; }
    /// Of a message or a statement that is refused in a failed transaction.
    [[nodiscard]] bool refuses(std::string_view sql) const
    {
        return state_ == 'E' && !ends_block(sql);
    }
    /// The results of all that was executed for the client, in their order.
    [[nodiscard]] std::string const& results() const { return results_; }

    static constexpr std::string_view aborted = "25P02";

private:
    static bool ends_block(std::string_view sql)
    {
        return sql.starts_with("commit") || sql.starts_with("rollback") || is_own(sql);
    }
    /// A client of the model has it in small letters.
    static bool is_own(std::string_view sql) { return sql.starts_with("ROLLBACK"); }

    static std::string_view raised(std::string_view sql)
    {
        std::string_view const before = "ERRCODE = $t$";
        auto const at = sql.find(before);
        return at == sql.npos ? "42601" : sql.substr(at + before.size(), 5);
    }

    outcome fails(std::string_view sqlstate)
    {
        fail();
        return {.answer = {}, .sqlstate = std::string(sqlstate)};
    }

    outcome gives(std::string answer)
    {
        for (std::string_view rest = answer; !rest.empty();) {
            auto const size = postgres::number_at(rest, 1) + 1;
            if (is_result(rest.front()))
                results_.append(rest.substr(0, size));
            rest.remove_prefix(size);
        }
        return {.answer = std::move(answer), .sqlstate = {}};
    }

    outcome end_block(std::string_view sql)
    {
        bool const commits = sql.starts_with("commit") && state_ != 'E';
        auto answer = state_ == 'I' ? notice("WARNING") : std::string();
        answer += complete(commits ? "COMMIT" : "ROLLBACK");
        state_ = 'I';
        return is_own(sql) ? outcome{.answer = std::move(answer), .sqlstate = {}}
                           : gives(std::move(answer));
    }

    static std::string answer_to(std::string_view sql, bool by_query)
    {
        if (sql.empty())
            return frame('I', "");
        if (sql.starts_with("begin"))
            return complete("BEGIN");
        if (sql.starts_with("copyout"))
            return frame('H', std::string(3, '\0')) + frame('d', "1") + frame('d', "2") +
                   frame('c', "") + complete("COPY 2");
        if (!sql.starts_with("select"))
            return complete("INSERT 0 1");
        return (by_query ? frame('T', "x") : "") + row("1") + notice("NOTICE") + row("2") +
               complete("SELECT 2");
    }

    static std::string notice(std::string_view severity)
    {
        return frame('N', z("S" + std::string(severity)) + std::string(1, '\0'));
    }

    char state_ = 'I';
    std::string results_;
};

}  // namespace aconite::test::pg
