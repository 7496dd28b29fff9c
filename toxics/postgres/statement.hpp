#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aconite::postgres {

/// How a statement ends the transaction block that it is in.
enum class transaction_end : std::uint8_t {
    none,
    commit,    ///< COMMIT, END, PREPARE TRANSACTION
    rollback,  ///< ROLLBACK, ABORT
};

/// What a text of SQL asks for. The text is read, comments, quotes and dollar quotes as
/// PostgreSQL's lexer does, once somebody wants to know more than it says by itself:
/// https://www.postgresql.org/docs/current/sql-syntax-lexical.html
class statement {
public:
    static constexpr std::size_t text_max = 8192;

    statement() = default;
    explicit statement(std::string_view sql) : text_(sql.substr(0, text_max)), unread_(true) {}
    /// What the protocol asks for without SQL.
    static statement of_command(std::string_view name);

    /// As it was sent, up to `text_max` bytes of it.
    [[nodiscard]] std::string const& text() const { return text_; }
    /// What each of its statements begins with, in capitals, commas between them: "UPDATE,COMMIT".
    /// END is COMMIT here, ABORT is ROLLBACK and START TRANSACTION is BEGIN.
    [[nodiscard]] std::string const& commands() const
    {
        read();
        return commands_;
    }
    /// How the last statement that ends a transaction does so.
    [[nodiscard]] transaction_end ends() const
    {
        read();
        return ends_;
    }

private:
    void read() const;

    std::string text_;
    mutable bool unread_ = false;
    mutable std::string commands_;
    mutable transaction_end ends_ = transaction_end::none;
};

}  // namespace aconite::postgres
