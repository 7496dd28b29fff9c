#include "clients/experiment/probes/faults.hpp"
#include "tests/experiments/unit/probe_kit.hpp"
#include "tests/experiments/unit/real_kit.hpp"

#include <future>

namespace aconite::experiment::probe_kit {
namespace {

using namespace std::chrono_literals;

/// Needs a PostgreSQL at POSTGRES_URL, as host:port.
class real_sql : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (named("POSTGRES_URL").empty())
            GTEST_SKIP() << "POSTGRES_URL names no PostgreSQL";
    }
    static json asking(std::string const& query, std::string const& of = "auto")
    {
        return {{"query", query}, {"connection", named("POSTGRES_URL")}, {"of", of}};
    }
    static value ask(std::string const& query, std::string const& of = "auto")
    {
        return value_of_probe("sql", asking(query, of));
    }
};

TEST_F(real_sql, gives_what_a_query_gives)
{
    EXPECT_EQ(ask("SELECT count(*) FROM generate_series(1, 7)"), value(7.0));
    EXPECT_EQ(ask("SELECT 2.5::numeric"), value(2.5));
    EXPECT_EQ(ask("SELECT 9007199254740993"), value("9007199254740993"));
    EXPECT_EQ(ask("SELECT '12'"), value("12"));
    EXPECT_EQ(ask("SELECT true"), value(1.0));
    EXPECT_EQ(ask("SELECT NULL::int"), value(""));
    EXPECT_EQ(ask("SELECT 'caf\xC3\xA9'"), value("caf\xC3\xA9"));
    EXPECT_EQ(ask("SELECT 'v' || i FROM generate_series(1, 3) i"),
              value(id_list{"v1", "v2", "v3"}));
    EXPECT_EQ(ask("SELECT 5", "ids"), value(id_list{"5"}));
    EXPECT_EQ(ask("SELECT 5 WHERE false", "ids"), value(id_list{}));
    EXPECT_EQ(ask("CREATE TEMP TABLE t(); SELECT 3; DROP TABLE t"), value(3.0));
    EXPECT_EQ(std::get<id_list>(ask("SELECT generate_series(1, 100000)", "ids")).size(), 100'000u);
}

TEST_F(real_sql, says_what_is_wrong)
{
    auto const fault = [](std::string const& query, std::string const& of = "auto") {
        return problem_of("sql", asking(query, of));
    };
    EXPECT_EQ(fault("SELECT * FROM nowhere"),
              "postgres " + named("POSTGRES_URL") + ": 42P01: relation \"nowhere\" does not exist");
    EXPECT_NE(fault("SELEC").find("42601"), std::string::npos);
    EXPECT_NE(fault("SELECT 1, 2").find("2 columns"), std::string::npos);
    EXPECT_NE(fault("SELECT").find("0 columns"), std::string::npos);
    EXPECT_NE(fault("SELECT 1 WHERE false").find("no row"), std::string::npos);
    EXPECT_NE(fault("SELECT generate_series(1, 2)", "value").find("2 rows"), std::string::npos);
    EXPECT_NE(fault("SET work_mem = '1MB'").find("it is no SELECT"), std::string::npos);
    EXPECT_NE(fault("COPY (SELECT 1) TO STDOUT").find("COPY"), std::string::npos);
    EXPECT_NE(fault("SELECT generate_series(1, 100001)").find("100000 rows"), std::string::npos);
    EXPECT_NE(problem_of("sql", {{"query", "SELECT 1"},
                                 {"connection",
                                  "postgres://postgres@" + named("POSTGRES_URL") + "/nowhere"}})
                  .find("database \"nowhere\" does not exist"),
              std::string::npos);
}

TEST_F(real_sql, is_reached_in_all_ways_of_naming_it)
{
    auto const address = named("POSTGRES_URL");
    auto const port = address.substr(address.rfind(':') + 1);
    for (auto const& each : {"postgres://postgres@localhost:" + port + "/postgres?sslmode=disable",
                             "postgresql://postgres@" + address + "/postgres",
                             "host=localhost port=" + port + " user=postgres dbname=postgres",
                             "host=127.0.0.1,localhost port=1," + port + " user=postgres",
                             "postgres@localhost:" + port})
        EXPECT_EQ(value_of_probe("sql", {{"query", "SELECT 1"}, {"connection", each}}), value(1.0))
            << each;
}

TEST_F(real_sql, cancels_what_takes_too_long)
{
    auto const slow = make_probe("sql", asking("SELECT 'cancel me', pg_sleep(60)"));
    std::string text;
    EXPECT_LT(time_of([&] { text = (*slow)->look(500ms).error().text; }), 500ms + slack);
    EXPECT_NE(text.find("no answer within 500 ms"), std::string::npos) << text;
    auto const left =
        make_probe("sql", asking("SELECT count(*) FROM pg_stat_activity WHERE state = "
                                 "'active' AND query LIKE '%cancel me%' AND pid <> "
                                 "pg_backend_pid()"));
    EXPECT_TRUE(comes_true([&] { return value_of_look(**left) == value(0.0); }));
    EXPECT_FALSE((*slow)->look(500ms));
}

TEST_F(real_sql, keeps_its_connection_and_makes_it_anew_once_it_broke)
{
    auto const kept = make_probe("sql", asking("SELECT pg_backend_pid()"));
    auto const first = value_of_look(**kept);
    EXPECT_EQ(value_of_look(**kept), first);
    EXPECT_FALSE((*make_probe("sql", asking("SELECT 1, 2")))->look(5s));
    EXPECT_EQ(ask("SELECT pg_terminate_backend(" + to_text(first) + ", 10000)"), value(1.0));
    EXPECT_NE(value_of_look(**kept), first);
}

TEST_F(real_sql, tells_of_a_session_that_ends_in_the_middle)
{
    auto const slow = make_probe("sql", asking("SELECT 'end me', pg_sleep(60)"));
    auto const seen = std::async(std::launch::async, [&] { return (*slow)->look(30s); });
    auto const end = make_probe(
        "sql", asking("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE "
                      "state = 'active' AND query LIKE '%end me%' AND pid <> pg_backend_pid()"));
    EXPECT_TRUE(comes_true([&] { return value_of_look(**end, 15s) == value(1.0); }));
    ASSERT_EQ(seen.wait_for(10s), std::future_status::ready);
}

TEST_F(real_sql, is_back_after_its_server_was_started_again)
{
    auto const kept = make_probe("sql", asking("SELECT 1"));
    EXPECT_EQ(value_of_look(**kept), value(1.0));
    have_runner("restart postgres");
    EXPECT_EQ(value_of_look(**kept), value(1.0));
}

TEST_F(real_sql, tells_of_a_server_that_is_killed_in_the_middle)
{
    auto const slow = make_probe("sql", asking("SELECT 'kill me' || pg_sleep(60)"));
    auto const active =
        make_probe("sql", asking("SELECT count(*) FROM pg_stat_activity WHERE state "
                                 "= 'active' AND query LIKE '%kill me%' AND pid <> "
                                 "pg_backend_pid()"));
    auto seen = std::async(std::launch::async, [&] { return (*slow)->look(60s); });
    EXPECT_TRUE(comes_true([&] { return value_of_look(**active) == value(1.0); }));
    have_runner("kill postgres");
    ASSERT_EQ(seen.wait_for(10s), std::future_status::ready);
    auto const fault = seen.get();
    ASSERT_FALSE(fault);
    EXPECT_EQ(fault.error().status, status_absent) << fault.error().text;
    auto const dead = (*active)->look(1s);
    ASSERT_FALSE(dead);
    EXPECT_NE(dead.error().text.find("refused"), std::string::npos) << dead.error().text;
    have_runner("start postgres");
    EXPECT_EQ(value_of_look(**active), value(0.0));
}

}  // namespace
}  // namespace aconite::experiment::probe_kit
