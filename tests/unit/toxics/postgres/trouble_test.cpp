// What goes wrong at the moment that suits least.
#include "tests/unit/toxics/postgres/messages.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace {

using namespace aconite;
using namespace aconite::test::pg;
using namespace std::chrono_literals;
using aconite::test::conversation_line;

std::string const copy_in = frame('G', std::string(3, '\0'));

TEST(postgres_trouble, while_an_operation_waits_lets_the_next_one_be)
{
    session line;
    line.add({{"preset", "deadlock"}, {"delay", 100}}, {{"query", "two"}});
    line.client(extended("nonsense") + extended("two") + sync_all);
    line.server(failed("42601"));
    line.pass(100ms);
    line.server(ready());
    line.to_server();
    line.to_client();
    line.client(query("select 1"));
    EXPECT_EQ(line.to_server(), query("select 1"));
    ASSERT_EQ(line.told.size(), 1U);
    EXPECT_NE(line.told[0].find("skipped"), std::string::npos);
}

TEST(postgres_trouble, while_the_end_of_a_copy_waits_lets_the_next_one_be)
{
    session line;
    line.add({{"preset", "admin_shutdown"}, {"delay", 100}}, {{"phase", "copy"}});
    line.client(query("copy t from stdin"));
    line.server(copy_in);
    line.client(frame('d', "bad\n") + frame('c', ""));
    line.server(failed("22P02") + ready());
    line.pass(100ms);
    line.to_server();
    line.client(query("select 1"));
    EXPECT_EQ(line.to_server(), query("select 1"));
    EXPECT_FALSE(line.ended[1]);
}

TEST(postgres_trouble, of_one_commit_is_rolled_back_with_another_behind_it)
{
    session line;
    line.add({{"preset", "serialization_failure"}}, {{"command", "COMMIT"}});
    line.client(extended("begin") + extended("commit") + extended("begin") + extended("commit") +
                sync_all);
    line.to_server();
    line.server(parsed + bound + complete("BEGIN") + parsed + bound + closed + closed + parsed +
                bound + failed("40001") + ready('E'));
    EXPECT_EQ(line.to_server(), query("ROLLBACK"));
    line.server(complete("ROLLBACK") + ready('I'));
    auto const answer = line.to_client();
    EXPECT_EQ(types(answer), "12C12EZ");
    EXPECT_EQ(answer.back(), 'I');
}

TEST(postgres_trouble, before_a_commit_does_not_hold_what_is_behind_it)
{
    session line;
    line.add({{"preset", "serialization_failure"}}, {{"command", "COMMIT"}});
    line.client(parse("", "nonsense") + query("commit") + sync_all);
    line.server(failed("42601"));
    EXPECT_EQ(types(line.to_server()), "PQS");
}

TEST(postgres_trouble, with_a_server_that_goes_away_in_a_commit_lets_the_client_end)
{
    session line;
    line.run("begin", 'T');
    line.add({{"preset", "serialization_failure"}}, {{"command", "COMMIT"}});
    line.client(query("commit"));
    line.server_ends();
    EXPECT_EQ(line.ended[1], ending::half_close);
    line.client_ends();
    EXPECT_TRUE(line.ended[0].has_value());
}

TEST(postgres_trouble, with_a_server_that_goes_away_at_a_request_for_tls_lets_the_client_end)
{
    conversation_line line(postgres::protocol);
    line.client(ssl_request + startup());
    line.server_ends();
    line.client_ends();
    EXPECT_TRUE(line.ended[0].has_value());
}

TEST(postgres_trouble, of_the_server_itself_is_told_as_it_is)
{
    session line;
    line.add({{"preset", "deadlock"}});
    line.client(query("select 1"));
    line.server(frame('E', z("SFATAL") + z("VFATAL") + z("C57P01") + z("Mshut down") +
                               std::string(1, '\0')));
    line.server_ends();
    EXPECT_EQ(sqlstate(line.to_client()), "57P01");
}

TEST(postgres_trouble, in_the_middle_of_a_message_that_is_replaced_sends_no_half_of_it)
{
    session line;
    line.add({{"preset", "deadlock"}});
    auto const large = query("update '" + std::string(100'000, 'x') + "'");
    line.client(large.substr(0, 50'000));
    line.to_server();
    line.server(bound);  // does not fit
    line.client(large.substr(50'000) + sync_all);
    EXPECT_NE(line.gave_up, "");
    EXPECT_EQ(line.to_server(), sync_all);
    EXPECT_EQ(line.to_client(), bound);
}

TEST(postgres_trouble, behind_the_end_of_a_truncated_answer_is_not_looked_at)
{
    session line;
    line.add({{"fault", "truncate"}, {"bytes", 20}});
    line.client(query("select"));
    line.server(frame('T', "x") + row(std::string(100, 'x')) + row(std::string(100, 'x')));
    EXPECT_EQ(line.ended[1], ending::reset);
    EXPECT_EQ(line.gave_up, "");
}

TEST(postgres_trouble, waits_for_the_end_of_a_large_answer_and_then_comes)
{
    session line;
    line.add({{"preset", "admin_shutdown"}}, {{"query", "two"}});
    line.client(parse("", "two") + bind("", "") + frame('D', z("P")) + execute() + sync_all);
    auto const large = frame('T', std::string(200'000, 'x'));
    line.server(parsed + bound + large.substr(0, 1000));
    // As the link does: it splices as long as so much need not be seen, and reads the rest.
    std::size_t at = 1000;
    while (at < large.size()) {
        auto const unseen = line.mind().unseen_bytes(stream::downstream);
        if (unseen >= 64 * 1024) {
            line.mind().on_unseen(stream::downstream, unseen);
            at += unseen;
        } else {
            line.server(large.substr(at));
            at = large.size();
        }
    }
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(postgres_copy_in, in_the_middle_of_a_pipeline_fails_and_the_session_goes_on)
{
    session line;
    // Parse has no place in a COPY: an error, and all up to the Sync is skipped.
    line.client(extended("copy t from stdin") + extended("select 1") + sync_all);
    line.server(parsed + bound + copy_in + failed("08P01") + ready());
    EXPECT_EQ(types(line.to_client()), "12GEZ");
    line.client(extended("select 1") + sync_all);
    line.server(parsed + bound + complete("SELECT 1") + ready());
    EXPECT_EQ(line.gave_up, "");
    line.add({{"preset", "deadlock"}});
    line.client(query("select 1"));
    EXPECT_EQ(line.hits.size(), 1U);
}

TEST(postgres_copy_in, that_fails_before_a_sync_leaves_a_session_that_is_followed)
{
    auto const answers = parsed + bound + copy_in + failed("22P02") + ready();
    for (bool const extended_protocol : {false, true}) {
        session line;
        line.client(extended("copy t from stdin") + frame('d', "bad\n") + sync_all);
        line.server(answers);
        EXPECT_EQ(types(line.to_client()), "12GEZ");
        line.add({{"preset", "deadlock"}});
        line.client(extended_protocol ? extended("select 1") + sync_all : query("select 1"));
        EXPECT_EQ(line.hits.size(), 1U);
        EXPECT_EQ(line.gave_up, "");
    }
}

TEST(postgres_copy_in, takes_a_query_in_it_for_a_part_of_itself)
{
    for (bool const at_once : {false, true}) {
        session line;
        line.client(query("copy t from stdin") + (at_once ? query("select 1") : ""));
        line.server(copy_in);
        line.client(at_once ? "" : query("select 1"));
        line.server(failed("08P01") + ready());
        line.add({{"fault", "lose_reply"}}, {{"query", "two"}});
        line.client(query("two"));
        line.server(complete("TWO") + ready());
        EXPECT_EQ(line.ended[1], ending::reset) << at_once;
        EXPECT_EQ(line.gave_up, "");
    }
}

TEST(postgres_copy_in, is_executed_where_the_error_is_told_after_it)
{
    session line;
    line.add({{"fault", "error"}, {"sqlstate", "53100"}, {"apply", "after"}}, {{"phase", "copy"}});
    line.client(query("copy t from stdin"));
    line.server(copy_in);
    line.client(frame('d', "1\n") + frame('c', ""));
    EXPECT_EQ(types(line.to_server()), "Qdc");
    line.server(complete("COPY 1") + ready());
    EXPECT_EQ(types(line.to_client()), "GEZ");
}

TEST(postgres_copy_in, that_was_made_fail_is_not_told_as_the_servers_own_failure)
{
    session line;
    line.add({{"preset", "disk_full"}}, {{"phase", "copy"}});
    line.client(query("copy t from stdin"));
    line.server(copy_in);
    line.client(frame('d', "1\n") + frame('c', ""));
    line.server(failed("57014") + ready());  // COPY from stdin failed: what our CopyFail leads to
    EXPECT_TRUE(line.told.empty()) << line.told[0];
}

TEST(postgres_copy_in, of_which_its_client_does_not_know_is_ended)
{
    session line;
    line.add({{"fault", "error"}, {"sqlstate", "57014"}, {"apply", "after"}}, {{"query", "one"}});
    line.client(extended("one") + extended("copy t from stdin") + sync_all);
    line.to_server();
    line.server(parsed + bound + complete("ONE") + parsed + bound + copy_in);
    // The client, which was told of an error, waits for Z; the server for rows, and ignored Sync.
    EXPECT_EQ(types(line.to_client()), "12E");
    EXPECT_EQ(types(line.to_server()).substr(0, 1), "f");
}

TEST(postgres_copy_in, of_which_its_client_does_not_know_is_ended_before_its_sync)
{
    session line;
    line.add({{"fault", "error"}, {"sqlstate", "57014"}, {"apply", "after"}}, {{"query", "one"}});
    line.client(extended("one") + extended("copy t from stdin"));
    line.to_server();
    line.server(parsed + bound + complete("ONE") + parsed + bound + copy_in);
    EXPECT_EQ(types(line.to_server()), "f");
    line.client(sync_all);
    EXPECT_EQ(types(line.to_server()), "S");
    line.server(failed("57014") + ready());
    EXPECT_EQ(types(line.to_client()), "12EZ");
    EXPECT_EQ(line.gave_up, "");
}

TEST(postgres_copy_in, is_not_ended_by_what_acts_on_terminate)
{
    session line;
    line.add({{"preset", "serialization_failure"}}, {{"phase", "terminate"}});
    line.client(query("copy t from stdin"));
    line.server(copy_in);
    line.to_server();
    line.client(terminate);
    EXPECT_EQ(types(line.to_server()).find('f'), std::string::npos);
    EXPECT_TRUE(line.ended[1].has_value());
}

TEST(postgres_copy_out, is_nothing_that_writes)
{
    session line;
    line.add({{"preset", "read_only"}});
    line.client(query("copy t to stdout"));
    EXPECT_EQ(line.to_server(), query("copy t to stdout"));
}

TEST(postgres_lost_reply, of_a_password_ends_the_connection)
{
    conversation_line line(postgres::protocol);
    line.add({{"fault", "lose_reply"}}, {{"phase", "authentication"}});
    line.client(startup());
    line.server(frame('R', number_text(10) + z("SCRAM-SHA-256") + std::string(1, '\0')));
    line.to_client();
    line.client(frame('p', z("SCRAM-SHA-256") + "first"));
    EXPECT_EQ(line.hits.size(), 1U);
    line.server(frame('R', number_text(11) + "challenge"));
    EXPECT_TRUE(!line.to_client().empty() || line.ended[1]);  // neither: both wait for ever
}

TEST(postgres_lost_reply, of_what_has_no_answer_is_told)
{
    conversation_line line(postgres::protocol);
    line.add({{"fault", "lose_reply"}}, {{"phase", "cancel"}});
    auto const cancel = number_text(16) + number_text(80'877'102) + number_text(1) + number_text(2);
    line.client(cancel);
    EXPECT_EQ(line.to_server(), cancel);
    EXPECT_EQ(line.told, std::vector<std::string>{"it has no answer"});
}

TEST(postgres_names, that_are_too_long_are_matched_by_nothing)
{
    session line;
    line.add({{"preset", "deadlock"}}, {{"query", "one"}});
    line.client(extended("one") + sync_all);
    EXPECT_EQ(line.hits.size(), 1U);
    auto const name = std::string(2'000, 'n');
    line.client(parse(name, "two"));
    auto const binding = test::pg::bind("", name);
    line.client(binding.substr(0, 1'500));
    line.client(binding.substr(1'500) + execute() + sync_all);
    EXPECT_EQ(line.hits.size(), 1U);
}

TEST(postgres_names, need_none_to_be_matched)
{
    session line;
    line.add({{"preset", "deadlock"}}, {{"command", "UPDATE"}});
    for (int i = 0; i < 1'200; ++i) {
        line.client(parse("s" + std::to_string(i), "select '" + std::string(1'000, 'x') + "'") +
                    sync_all);
        line.server(parsed + ready());
    }
    line.client(extended("update t set a = '" + std::string(1'000, 'x') + "'") + sync_all);
    EXPECT_EQ(line.hits.size(), 1U);
}

TEST(postgres_names, that_are_the_oldest_make_room)
{
    session line;
    line.add({{"preset", "deadlock"}}, {{"command", "UPDATE"}});
    for (int i = 0; i < 10'000; ++i) {
        auto const name = "_pg3_" + std::to_string(i);
        line.client(parse(name, "select 1") + test::pg::bind("", name) + execute() + sync_all);
        line.server(parsed + bound + complete("SELECT 1") + ready());
        line.run("DEALLOCATE " + name);
    }
    line.client(parse("_pg3_x", "update t set a = 1") + test::pg::bind("", "_pg3_x") + execute() +
                sync_all);
    EXPECT_EQ(line.hits.size(), 1U);
}

}  // namespace
