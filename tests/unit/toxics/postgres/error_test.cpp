// Errors, each with the answers that a real server would give.
#include "tests/unit/toxics/postgres/messages.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace aconite;
using namespace aconite::test::pg;

constexpr char raise_40001[] = "could not serialize access due to concurrent update";

TEST(postgres_error, of_a_query_is_raised_by_the_server)
{
    session line;
    line.add({{"preset", "serialization_failure"}}, {{"query", "^UPDATE"}});
    line.client(query("select 1") + query("UPDATE t SET a = 1"));
    auto const sent = line.to_server();
    EXPECT_EQ(types(sent), "QQ");
    EXPECT_NE(sent.find(raise_40001), std::string::npos);
    EXPECT_EQ(sent.find("UPDATE"), std::string::npos);
    line.server(complete("SELECT 1") + ready() + failed("40001") + ready());
    auto const answer = line.to_client();
    EXPECT_EQ(types(answer), "CZEZ");
    EXPECT_EQ(sqlstate(answer), "40001");
    EXPECT_EQ(answer.find("Lline"), std::string::npos);  // where in the server it was raised
    ASSERT_EQ(line.hits.size(), 1U);
    EXPECT_EQ(line.hits[0][0].second, "UPDATE t SET a = 1");
    EXPECT_EQ(line.hits[0][1].second, "UPDATE");
    EXPECT_EQ(line.hits[0][2].second, "alice");
    EXPECT_EQ(line.hits[0][3].second, "shop");
    EXPECT_EQ(line.hits[0][4].second, "till");
    EXPECT_EQ(line.hits[0][5].second, "idle");
    EXPECT_EQ(line.hits[0][6].second, "query");
}

TEST(postgres_error, in_the_middle_of_a_pipeline)
{
    session line;
    line.add({{"preset", "unique_violation"}}, {{"query", "2"}});
    line.client(extended("insert 1") + extended("insert 2") + extended("insert 3") + sync_all +
                extended("insert 4") + sync_all);
    EXPECT_EQ(types(line.to_server()), "PBE"
                                       "PB"
                                       "CCPBE"
                                       "PBE"
                                       "S"
                                       "PBE"
                                       "S");
    line.server(parsed + bound + complete("INSERT 0 1") + parsed + bound +      // 1 and 2
                closed + closed + parsed + bound + failed("23505") + ready() +  // ours
                parsed + bound + complete("INSERT 0 1") + ready());
    auto const answer = line.to_client();
    EXPECT_EQ(types(answer), "12C"
                             "12"
                             "E"
                             "Z"
                             "12C"
                             "Z");
    EXPECT_EQ(sqlstate(answer), "23505");
    EXPECT_TRUE(line.told.empty());
}

TEST(postgres_error, that_the_server_never_came_to_is_told_as_skipped)
{
    session line;
    line.add({{"preset", "unique_violation"}}, {{"query", "insert"}});
    line.client(extended("insert 1") + extended("insert 2") + sync_all);
    line.server(parsed + bound + closed + closed + parsed + bound + failed("23505") + ready());
    EXPECT_EQ(types(line.to_client()), "12EZ");
    EXPECT_EQ(line.hits.size(), 2U);
    EXPECT_EQ(line.told,
              std::vector<std::string>{"the server skipped it: what came before it had failed"});
}

TEST(postgres_error, of_a_statement_that_was_prepared_before_the_toxic_came)
{
    session line;
    line.client(parse("s", "UPDATE stock SET n = n - 1") + sync_all);
    line.server(parsed + ready());
    line.to_server();
    line.to_client();
    line.add({{"preset", "deadlock"}}, {{"query", "stock"}});
    line.client(bind("p", "s") + execute("p") + sync_all);
    EXPECT_EQ(types(line.to_server()), "BCCPBES");
}

TEST(postgres_error, where_the_server_fails_by_itself_is_ours_with_its_state)
{
    session line;
    line.run("begin", 'T');
    line.run("nonsense", 'E');
    line.add({{"preset", "serialization_failure"}});
    line.client(query("select 1"));
    line.server(failed("25P02") + ready('E'));
    auto const answer = line.to_client();
    EXPECT_EQ(sqlstate(answer), "40001");
    EXPECT_EQ(types(answer), "EZ");
    ASSERT_EQ(line.told.size(), 1U);
    EXPECT_EQ(line.told[0], "the server failed by itself: 25P02");
}

TEST(postgres_error, at_a_commit_rolls_back)
{
    session line;
    line.run("begin", 'T');
    line.add({{"preset", "serialization_failure"}}, {{"command", "commit"}});
    line.client(query("END") + query("select 1"));
    EXPECT_EQ(types(line.to_server()), "Q");  // what is behind it waits
    line.server(failed("40001") + ready('E'));
    EXPECT_EQ(line.to_server(), query("ROLLBACK") + query("select 1"));
    EXPECT_EQ(types(line.to_client()), "E");
    line.server(complete("ROLLBACK") + ready('I') + complete("SELECT 1") + ready('I'));
    EXPECT_EQ(line.to_client(), ready('I') + complete("SELECT 1") + ready('I'));
}

TEST(postgres_error, at_a_commit_in_the_extended_protocol_rolls_back)
{
    session line;
    line.run("begin", 'T');
    line.add({{"preset", "serialization_failure"}}, {{"command", "COMMIT"}});
    line.client(extended("commit") + sync_all + extended("select 1") + sync_all);
    EXPECT_EQ(types(line.to_server()), "PBCCPBES");
    line.server(parsed + bound + closed + closed + parsed + bound + failed("40001") + ready('E'));
    EXPECT_EQ(types(line.to_client()), "12E");
    EXPECT_EQ(types(line.to_server()), "QPBES");
    line.server(complete("ROLLBACK") + ready('I') + parsed + bound + complete("SELECT 1") +
                ready());
    EXPECT_EQ(types(line.to_client()), "Z12CZ");
}

TEST(postgres_error, at_a_commit_that_had_failed_before_is_the_servers)
{
    session line;
    line.run("begin", 'T');
    line.add({{"preset", "serialization_failure"}}, {{"command", "COMMIT"}});
    line.client(extended("nonsense") + extended("commit") + sync_all);
    line.server(failed("42601") + ready('E'));
    auto const answer = line.to_client();
    EXPECT_EQ(types(answer), "EZ");
    EXPECT_EQ(sqlstate(answer), "42601");
    EXPECT_EQ(types(line.to_server()).find('Q'), std::string::npos);
}

TEST(postgres_error, after_the_execution_replaces_the_answer)
{
    session line;
    line.add({{"fault", "error"}, {"sqlstate", "57014"}, {"apply", "after"}});
    line.client(query("insert 1"));
    EXPECT_EQ(line.to_server(), query("insert 1"));
    line.server(complete("INSERT 0 1") + ready());
    EXPECT_EQ(types(line.to_client()), "EZ");
    line.client(extended("insert 2") + extended("insert 3") + sync_all);
    line.server(parsed + bound + row("1") + complete("INSERT 0 1") + parsed + bound +
                complete("INSERT 0 1") + ready());
    EXPECT_EQ(types(line.to_client()), "12EZ");
}

TEST(postgres_error, that_is_fatal_comes_behind_earlier_answers_and_closes)
{
    session line;
    auto const id = line.add({{"preset", "admin_shutdown"}}, {{"query", "two"}});
    line.client(query("one") + query("two") + query("three"));
    EXPECT_EQ(line.to_server(), query("one") + flush);
    EXPECT_EQ(line.to_client(), "");
    line.server(complete("ONE") + ready());
    auto const answer = line.to_client();
    EXPECT_EQ(types(answer), "CZE");
    EXPECT_EQ(sqlstate(answer), "57P01");
    EXPECT_NE(answer.find("VFATAL"), std::string::npos);
    EXPECT_EQ(line.ended[1], ending::close);
    EXPECT_EQ(line.cut_by, id);
}

TEST(postgres_error, at_startup_is_fatal)
{
    aconite::test::conversation_line line(postgres::protocol);
    line.add({{"preset", "starting_up"}});
    line.client(startup());
    EXPECT_EQ(line.to_server(), "");
    EXPECT_EQ(sqlstate(line.to_client()), "57P03");
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(postgres_error, of_too_many_connections_counts_them)
{
    aconite::test::conversation_line line(postgres::protocol);
    line.add({{"preset", "too_many_connections"}, {"connection_limit", 3}});
    line.connections = 3;
    line.client(startup());
    EXPECT_EQ(line.to_server(), startup());
    aconite::test::conversation_line other(postgres::protocol);
    other.add({{"preset", "too_many_connections"}, {"connection_limit", 3}});
    other.connections = 4;
    other.client(startup());
    EXPECT_EQ(sqlstate(other.to_client()), "53300");
}

TEST(postgres_error, of_a_password)
{
    aconite::test::conversation_line line(postgres::protocol);
    line.add({{"fault", "error"}, {"sqlstate", "28P01"}, {"severity", "FATAL"}},
             {{"phase", "authentication"}});
    line.client(startup());
    line.server(frame('R', number_text(3)));
    line.to_client();
    line.client(frame('p', z("secret")));
    EXPECT_EQ(line.to_server(), startup());
    EXPECT_EQ(sqlstate(line.to_client()), "28P01");
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(postgres_crash, is_a_warning_and_the_end)
{
    session line;
    line.add({{"preset", "crash"}});
    line.client(query("select 1"));
    auto const answer = line.to_client();
    EXPECT_EQ(types(answer), "N");
    EXPECT_NE(answer.find("C57P02"), std::string::npos);
    EXPECT_EQ(line.ended[1], ending::close);
}

}  // namespace
