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

/// What a text of SQL asks for.
struct statement {
    /// As it was sent, up to `text_max` bytes of it.
    std::string text;
    /// What each of its statements begins with, in capitals, commas between them: "UPDATE,COMMIT".
    /// END is COMMIT here, ABORT is ROLLBACK and START TRANSACTION is BEGIN.
    std::string commands;
    /// How the last statement that ends a transaction does so.
    transaction_end ends = transaction_end::none;

    static constexpr std::size_t text_max = 8192;

    /// Reads a text, comments, quotes and dollar quotes as PostgreSQL's lexer does:
    /// https://www.postgresql.org/docs/current/sql-syntax-lexical.html
    static statement read(std::string_view sql);
};

}  // namespace aconite::postgres
