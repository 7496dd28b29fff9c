// What toxics do to a session beside errors, each with the answers that a real server would give.
#include "tests/unit/toxics/postgres/messages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace {

using namespace aconite;
using namespace aconite::test::pg;
using namespace std::chrono_literals;

TEST(postgres_lost_reply, of_a_commit)
{
    session line;
    line.run("begin", 'T');
    auto const id = line.add({{"preset", "lose_commit_ack"}});
    line.client(query("insert 1"));
    line.server(complete("INSERT 0 1") + ready('T'));
    EXPECT_EQ(types(line.to_client()), "CZ");
    line.client(query("commit"));
    EXPECT_EQ(types(line.to_server()), "QQ");
    EXPECT_FALSE(line.ended[1]);  // not before it is committed
    line.server(complete("COMMIT"));
    EXPECT_FALSE(line.ended[1]);
    line.server(ready());
    EXPECT_EQ(line.to_client(), "");
    EXPECT_EQ(line.ended[1], ending::reset);
    EXPECT_EQ(line.cut_by, id);
}

TEST(postgres_lost_reply, of_an_execute_waits_for_what_commits_it)
{
    session line;
    line.add({{"fault", "lose_reply"}, {"then", "close"}}, {{"command", "INSERT"}});
    line.client(extended("insert 1") + sync_all);
    line.server(parsed + bound + complete("INSERT 0 1"));
    EXPECT_EQ(types(line.to_client()), "12");
    EXPECT_FALSE(line.ended[1]);
    line.server(ready());
    EXPECT_EQ(line.to_client(), "");
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(postgres_lost_reply, of_a_pipeline_is_one_hit)
{
    session line;
    line.add({{"fault", "lose_reply"}}, {{"command", "INSERT"}});
    line.client(extended("insert 1") + extended("insert 2") + sync_all);
    line.client(extended("insert 3") + sync_all);
    EXPECT_EQ(line.hits.size(), 1U);
    line.server(parsed + bound + complete("INSERT 0 1") + parsed + bound + complete("INSERT 0 1"));
    line.server(ready());
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(postgres_lost_reply, without_a_sync_does_not_wait)
{
    session line;
    line.add({{"fault", "lose_reply"}}, {{"command", "COMMIT"}});
    line.client(extended("commit") + flush);
    line.server(parsed + bound + complete("COMMIT"));
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(postgres_lost_reply, that_stalls_is_let_go_with_the_toxic)
{
    session line;
    auto const id = line.add({{"fault", "lose_reply"}, {"then", "stall"}}, {{"query", "one"}});
    line.client(query("one") + query("two"));
    EXPECT_EQ(types(line.to_server()), "QQ");
    line.server(complete("ONE") + ready() + complete("TWO") + ready());
    EXPECT_EQ(line.to_client(), "");
    line.pass(1h);
    EXPECT_EQ(line.to_client(), "");
    line.remove(id);
    EXPECT_EQ(line.to_client(), complete("ONE") + ready() + complete("TWO") + ready());
}

TEST(postgres_phantom_commit, is_rolled_back_and_nothing_is_told)
{
    session line;
    line.run("begin", 'T');
    line.add({{"preset", "phantom_commit"}});
    line.client(query("COMMIT"));
    EXPECT_EQ(line.to_server(), query("ROLLBACK"));
    line.server(complete("ROLLBACK") + ready());
    EXPECT_EQ(line.to_client(), "");
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(postgres_phantom_commit, in_the_extended_protocol)
{
    session line;
    line.run("begin", 'T');
    line.add({{"preset", "phantom_commit"}});
    line.client(extended("commit") + sync_all);
    auto const sent = line.to_server();
    EXPECT_EQ(types(sent), "PBCCPBES");
    EXPECT_NE(sent.find("ROLLBACK"), std::string::npos);
    line.server(parsed + bound + closed + closed + parsed + bound + complete("ROLLBACK") + ready());
    EXPECT_EQ(types(line.to_client()), "12");
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(postgres_phantom_commit, can_tell_an_error)
{
    session line;
    line.run("begin", 'T');
    line.add({{"preset", "phantom_commit"}, {"then", "error"}, {"sqlstate", "40001"}});
    line.client(query("commit"));
    line.server(failed("40001") + ready('E'));
    EXPECT_EQ(line.to_server().find(query("ROLLBACK")) != std::string::npos, true);
    line.server(complete("ROLLBACK") + ready());
    EXPECT_EQ(types(line.to_client()), "EZ");
}

TEST(postgres_delay, holds_what_follows_in_its_order)
{
    session line;
    line.add({{"fault", "delay"}, {"delay", 100}}, {{"query", "slow"}});
    line.client(query("fast") + query("slow") + query("last"));
    EXPECT_EQ(line.to_server(), query("fast"));
    line.client(query("later"));
    line.pass(99ms);
    EXPECT_EQ(line.to_server(), "");
    line.pass(1ms);
    EXPECT_EQ(line.to_server(), query("slow") + query("last") + query("later"));
    EXPECT_EQ(line.hits.size(), 1U);
}

TEST(postgres_delay, of_two_toxics_adds_up_and_goes_with_other_faults)
{
    session line;
    line.add({{"fault", "delay"}, {"delay", 100}});
    line.add({{"fault", "delay"}, {"delay", 50}});
    line.add({{"preset", "deadlock"}});
    line.client(query("select 1"));
    line.pass(149ms);
    EXPECT_EQ(line.to_server(), "");
    line.pass(1ms);
    EXPECT_NE(line.to_server().find("deadlock detected"), std::string::npos);
    EXPECT_EQ(line.hits.size(), 3U);
}

TEST(postgres_delay, ends_with_the_toxic)
{
    session line;
    auto const id = line.add({{"fault", "delay"}, {"delay", 100'000}});
    line.client(query("one") + query("two"));
    line.remove(id);
    EXPECT_EQ(line.to_server(), query("one") + query("two"));
}

TEST(postgres_disconnect, before_comes_behind_earlier_answers)
{
    session line;
    line.add({{"fault", "disconnect"}}, {{"query", "two"}});
    line.client(query("one") + query("two"));
    EXPECT_FALSE(line.ended[1]);
    line.server(complete("ONE") + ready());
    EXPECT_EQ(types(line.to_client()), "CZ");
    EXPECT_EQ(line.ended[1], ending::reset);
    EXPECT_EQ(line.to_server(), query("one") + flush);
}

TEST(postgres_disconnect, in_the_extended_protocol_does_not_wait_for_a_sync)
{
    session line;
    line.add({{"preset", "admin_shutdown"}});
    line.client(extended("select 1") + sync_all);
    EXPECT_EQ(types(line.to_server()), "PBH");
    line.server(parsed + bound);
    EXPECT_EQ(types(line.to_client()), "12E");
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(postgres_disconnect, after_comes_behind_the_answer)
{
    session line;
    line.add({{"fault", "disconnect"}, {"apply", "after"}, {"cut", "fin"}});
    line.client(extended("one") + sync_all);
    line.server(parsed + bound + complete("ONE") + ready());
    EXPECT_EQ(types(line.to_client()), "12CZ");
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(postgres_slow_rows, come_at_their_rate)
{
    session line;
    line.add({{"fault", "slow_rows"}, {"rows_per_second", 10}});
    line.client(query("select"));
    line.server(frame('T', "x") + row("1") + row("2") + row("3") + complete("SELECT 3") + ready());
    EXPECT_EQ(types(line.to_client()), "TD");
    line.pass(100ms);
    EXPECT_EQ(types(line.to_client()), "D");
    line.pass(99ms);
    EXPECT_EQ(types(line.to_client()), "");
    line.pass(1ms);
    EXPECT_EQ(types(line.to_client()), "DCZ");
}

TEST(postgres_truncate, after_rows)
{
    session line;
    line.add({{"fault", "truncate"}, {"rows", 2}});
    line.client(query("select"));
    line.server(frame('T', "x") + row("1") + row("2") + row("3") + complete("SELECT 3") + ready());
    EXPECT_EQ(types(line.to_client()), "TDD");
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(postgres_truncate, after_bytes_in_the_middle_of_a_row)
{
    session line;
    line.add({{"fault", "truncate"}, {"bytes", 20}, {"cut", "fin"}});
    line.client(query("select"));
    auto const answer = frame('T', "x") + row(std::string(100, 'x'));
    for (char const c : answer)
        line.server({&c, 1});
    EXPECT_EQ(line.to_client(), answer.substr(0, 20));
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(postgres_copy, can_fail_at_its_end)
{
    session line;
    line.add({{"preset", "disk_full"}}, {{"phase", "copy"}});
    line.client(query("copy t from stdin"));
    line.server(frame('G', std::string(3, '\0')));
    line.client(frame('d', "1\n") + frame('c', ""));
    EXPECT_EQ(types(line.to_server()), "Qdf");
    line.server(failed("57014") + ready());
    auto const answer = line.to_client();
    EXPECT_EQ(types(answer), "GEZ");
    EXPECT_EQ(sqlstate(answer), "53100");
}

TEST(postgres_match, of_state_and_several_commands)
{
    session line;
    line.add({{"fault", "delay"}, {"delay", 1}},
             {{"state", "transaction"}, {"command", "insert, update"}});
    line.client(query("update t"));
    EXPECT_EQ(line.hits.size(), 0U);
    line.server(complete("UPDATE 1") + ready('T'));
    line.client(query("select 1; update t"));
    EXPECT_EQ(line.hits.size(), 1U);
}

TEST(postgres_trigger, counts_what_matched)
{
    session line;
    line.add({{"preset", "deadlock"}}, {{"command", "UPDATE"}},
             std::make_shared<trigger>(trigger::rule{.after_hits = 1, .times = 1}));
    line.client(query("update 1") + query("select 1") + query("update 2") + query("update 3"));
    auto const sent = line.to_server();
    EXPECT_NE(sent.find("update 1"), std::string::npos);
    EXPECT_EQ(sent.find("update 2"), std::string::npos);
    EXPECT_NE(sent.find("update 3"), std::string::npos);
}

TEST(postgres_trigger, after_bytes_counts_up_to_the_operation)
{
    session line;
    auto const begin = startup().size();
    line.add(
        {{"fault", "delay"}, {"delay", 1}}, {},
        std::make_shared<trigger>(trigger::rule{.after_bytes = begin + 3 * query("n").size()}));
    line.client(query("1") + query("2") + query("3") + query("4") + query("5"));
    line.pass(std::chrono::milliseconds(10));
    ASSERT_EQ(line.hits.size(), 2U);
    EXPECT_EQ(line.hits[0][0].second, "4");
}

TEST(postgres_rate, is_drawn_by_the_ordinal_of_the_operation)
{
    auto const hits = [] {
        session line;
        line.add({{"fault", "error"}, {"sqlstate", "40001"}, {"rate", 0.3}});
        std::string all;
        for (int i = 0; i < 1000; ++i) {
            line.client(query("select " + std::to_string(i)));
            auto const hit = line.to_server().find("RAISE") != std::string::npos;
            all += hit ? 'x' : '.';
            line.server((hit ? failed("40001") : complete("SELECT 1")) + ready());
        }
        return all;
    };
    auto const first = hits();
    EXPECT_EQ(first, hits());
    EXPECT_NEAR(static_cast<double>(std::ranges::count(first, 'x')), 300, 50);
}

}  // namespace
