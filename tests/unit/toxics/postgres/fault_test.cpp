// What toxics do to a session, each with the answers that a real server would give.
#include "tests/unit/toxics/postgres/messages.hpp"
#include "toxics/postgres/presets.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <chrono>
#include <string>

namespace {

using namespace aconite;
using namespace aconite::test::pg;
using namespace std::chrono_literals;

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
    line.add("postgres", {{"preset", "starting_up"}});
    line.client(startup());
    EXPECT_EQ(line.to_server(), "");
    EXPECT_EQ(sqlstate(line.to_client()), "57P03");
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(postgres_error, of_too_many_connections_counts_them)
{
    aconite::test::conversation_line line(postgres::protocol);
    line.add("postgres", {{"preset", "too_many_connections"}, {"connection_limit", 3}});
    line.connections = 3;
    line.client(startup());
    EXPECT_EQ(line.to_server(), startup());
    aconite::test::conversation_line other(postgres::protocol);
    other.add("postgres", {{"preset", "too_many_connections"}, {"connection_limit", 3}});
    other.connections = 4;
    other.client(startup());
    EXPECT_EQ(sqlstate(other.to_client()), "53300");
}

TEST(postgres_error, of_a_password)
{
    aconite::test::conversation_line line(postgres::protocol);
    line.add("postgres", {{"fault", "error"}, {"sqlstate", "28P01"}, {"severity", "FATAL"}},
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

/// What is said of attributes that do not go together.
std::string refusal(attribute_list const& attributes)
{
    auto const& type = *aconite::test::builtin_toxics().find("postgres");
    attribute_values values(type.attributes);
    for (auto const& [name, value] : attributes)
        if (auto const set = values.set(name, value); !set)
            return set.error().text;
    auto const fits = type.check(values);
    return fits ? "" : fits.error().text;
}

TEST(postgres_attributes, are_refused_by_name)
{
    auto const names = [](attribute_list const& attributes, std::string const& name) {
        auto const text = refusal(attributes);
        EXPECT_NE(text.find("attribute '" + name + "' must be"), std::string::npos) << text;
    };
    names({}, "fault");
    names({{"preset", "nothing"}}, "preset");
    names({{"fault", "nothing"}}, "fault");
    names({{"fault", "error"}}, "sqlstate");
    for (auto const* code : {"4000", "400011", "4000a", "40 01", "00000", "4000-"})
        names({{"fault", "error"}, {"sqlstate", code}}, "sqlstate");
    names({{"preset", "deadlock"}, {"message", std::string(1001, 'x')}}, "message");
    names({{"preset", "deadlock"}, {"hint", std::string("a\0b", 3)}}, "hint");
    names({{"fault", "delay"}}, "delay");
    names({{"fault", "slow_rows"}}, "rows_per_second");
    names({{"fault", "lose_reply"}, {"then", "error"}}, "then");
    names({{"preset", "admin_shutdown"}, {"apply", "after"}}, "severity");
    names({{"preset", "deadlock"}, {"rate", 1.5}}, "rate");
    EXPECT_EQ(refusal({{"delay", 5}}), "");
    for (auto const& each : postgres::all_presets)
        EXPECT_EQ(refusal({{"preset", std::string(each.name)}}), "") << each.name;
}

TEST(postgres_match, is_refused_by_name)
{
    auto const& type = *aconite::test::builtin_toxics().find("postgres");
    attribute_values values(type.protocol->match);
    auto const bad = values.set("query", "(never closed");
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().text.find("'query' must be a regular expression (RE2): missing )"),
              std::string::npos)
        << bad.error().text;
    EXPECT_FALSE(values.set("query", std::string(1001, 'x')));
    EXPECT_FALSE(values.set("command", std::string(1001, 'x')));
    EXPECT_FALSE(values.set("state", "asleep"));
    EXPECT_FALSE(values.set("phase", "later"));
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
