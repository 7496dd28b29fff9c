#include "toxics/postgres/statement.hpp"

#include "toxics/postgres/frames.hpp"
#include "toxics/postgres/kept_statements.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

using aconite::postgres::error_text;
using aconite::postgres::kept_statements;
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
        expected{"savepoint a", "SAVEPOINT"},
        expected{"copy t (a, b) from stdin", "COPY,COPY FROM"},
        expected{"copy (select a from t) to stdout", "COPY,COPY TO"},
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

TEST(statement, has_what_is_inside_of_it)
{
    statement const routine("create or replace function f() returns int begin atomic "
                            "select case when true then 1 end; select 2; end; commit");
    EXPECT_EQ(routine.commands(), "CREATE,COMMIT");
    EXPECT_EQ(routine.ends(), transaction_end::commit);
    statement const rule(
        "create rule r as on insert to t do also (insert into a values (1); delete from b)");
    EXPECT_EQ(rule.commands(), "CREATE");
}

TEST(kept_statements, forget_the_oldest_but_not_the_one_without_a_name)
{
    auto const text = std::make_shared<statement const>(std::string(1'000, 'x'));
    kept_statements all;
    all.put("", text);
    for (int i = 0; i < 2'000; ++i)
        all.put(std::to_string(i), text);
    EXPECT_EQ(all.find(""), text);
    EXPECT_EQ(all.find("0"), kept_statements::none());
    EXPECT_EQ(all.find("1999"), text);
    all.put("1999", kept_statements::none());
    EXPECT_EQ(all.find("1999"), kept_statements::none());
    all.forget("1998");
    EXPECT_EQ(all.find("1998"), kept_statements::none());
    EXPECT_EQ(all.find("1997"), text);
}

TEST(error_text, is_quoted_so_that_it_ends_where_it_ends)
{
    error_text const error{"ERROR", "40001", "costs 5$t", "", ""};
    EXPECT_EQ(error.raising_sql().find("$t$costs 5$t$t$"), std::string::npos);
}

}  // namespace
