#include "toxics/postgres/statement.hpp"

#include <gtest/gtest.h>

#include <string>

using aconite::postgres::statement;
using aconite::postgres::transaction_end;

namespace {

struct expected {
    char const* sql;
    char const* commands;
    transaction_end ends = transaction_end::none;
};
using enum transaction_end;

class reading : public testing::TestWithParam<expected> {};

TEST_P(reading, tells_commands_and_ends)
{
    auto const found = statement(GetParam().sql);
    EXPECT_EQ(found.commands(), GetParam().commands) << GetParam().sql;
    EXPECT_EQ(found.ends(), GetParam().ends) << GetParam().sql;
}

INSTANTIATE_TEST_SUITE_P(
    all, reading,
    testing::Values(
        expected{"", ""}, expected{" ;; ", ""}, expected{"select 1", "SELECT"},
        expected{"  -- note\n /* a /* nested */ b */ update t set a = 1", "UPDATE"},
        expected{"(select 1) union (select 2)", "SELECT"},
        expected{"BEGIN; INSERT INTO t VALUES (';COMMIT'); COMMIT", "BEGIN,INSERT,COMMIT", commit},
        expected{"insert into t values (E'it\\'s; commit')", "INSERT"},
        expected{"insert into t values ('it''s; commit')", "INSERT"},
        expected{"select \"a;commit\" from t", "SELECT"},
        expected{"do $$ begin commit; end $$", "DO"},
        expected{"do $x$ a $$ ; commit $x$; select 1", "DO,SELECT"},
        expected{"select $1; select $2", "SELECT,SELECT"}, expected{"end", "COMMIT", commit},
        expected{"END WORK", "COMMIT", commit}, expected{"commit and chain", "COMMIT", commit},
        expected{"prepare transaction 'x'", "PREPARE TRANSACTION", commit},
        expected{"prepare p as select 1", "PREPARE"},
        expected{"commit prepared 'x'", "COMMIT PREPARED"},
        expected{"rollback prepared 'x'", "ROLLBACK PREPARED"},
        expected{"abort", "ROLLBACK", rollback}, expected{"rollback to a", "ROLLBACK TO"},
        expected{"rollback work to savepoint a", "ROLLBACK TO"},
        expected{"start transaction isolation level serializable", "BEGIN"},
        expected{"savepoint a", "SAVEPOINT"}, expected{"copy t from stdin", "COPY"},
        expected{"with x as (select 1) insert into t select * from x", "WITH"},
        expected{"/* never closed", ""}, expected{"select 'never closed", "SELECT"},
        expected{"$tag$ never closed", ""}, expected{"commit; begin", "COMMIT,BEGIN", commit}));

TEST(statement, is_kept_up_to_a_bound)
{
    std::string const sql = "select '" + std::string(100'000, 'x') + "'; commit";
    auto const found = statement(sql);
    EXPECT_EQ(found.text().size(), statement::text_max);
    EXPECT_EQ(found.commands(), "SELECT");
}

TEST(statement, tells_the_commands_of_so_many)
{
    std::string sql;
    for (int i = 0; i < 1000; ++i)
        sql += "begin;";
    auto const found = statement(sql);
    EXPECT_EQ(found.commands().size(), 32 * 6 - 1);
}

}  // namespace
