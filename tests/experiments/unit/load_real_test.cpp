#include "tests/experiments/unit/load_support.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

/// Against real servers, where the environment says where they are: POSTGRES_URL, REDIS_ADDRESS,
/// KAFKA_ADDRESS.
namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;
using namespace load_kit;

/// For what a busy machine takes long for: processes that start, a topic that is made.
constexpr std::int64_t slow = 18'000'000'000;

using error_counts = std::map<std::string, std::uint64_t>;

std::string server_from(char const* variable)
{
    auto const* const value = std::getenv(variable);
    return value != nullptr ? value : "";
}

/// Skips a test without a server, with the reason.
#define NEEDS_SERVER(variable)         \
    if (server_from(variable).empty()) \
    GTEST_SKIP() << variable << " is not set: no such server to try it with"

load_summary run_sql(json const& sql, json const& more = json::object())
{
    json all = {{"sql", sql.is_array() ? sql : json::array({sql})},
                {"connection", server_from("POSTGRES_URL")},
                {"rate", 500},
                {"count", 1},
                {"connections", 5}};
    all.update(more);
    return run_to_end("postgres", all);
}

TEST(load_real, postgres_runs_each_statement_once)
{
    NEEDS_SERVER("POSTGRES_URL");
    ASSERT_EQ(run_sql("DROP TABLE IF EXISTS load_real; "
                      "CREATE TABLE load_real (n int PRIMARY KEY, id uuid UNIQUE, k int, c int)")
                  .ok,
              1U);
    json const more = {{"count", 400}, {"rate", 1'000}};
    auto const insert = "INSERT INTO load_real VALUES ({n}, '{uuid}', {key}, {connection})";
    auto const first = run_sql(insert, more);
    EXPECT_EQ(first.ok, 400U) << json(first.by_error);
    // The same seed gives the same rows, and fails at each.
    EXPECT_EQ(run_sql(insert, more).by_error, (error_counts{{"SQLSTATE 23505", 400}}));
    auto const check = run_sql("SELECT 1 / (count(*) = 400 AND count(DISTINCT c) = 5 AND "
                               "max(n) = 399 AND max(k) < 1000)::int FROM load_real");
    EXPECT_EQ(check.ok, 1U) << json(check.by_error);
    auto const turns =
        run_sql({"DELETE FROM load_real WHERE n = {n}", "SELECT nothing_there"}, {{"count", 20}});
    EXPECT_EQ(turns.ok, 10U);
    EXPECT_EQ(turns.by_error, (error_counts{{"SQLSTATE 42703", 10}}));
    EXPECT_EQ(run_sql("DROP TABLE load_real").ok, 1U);
}

TEST(load_real, postgres_goes_on_after_what_breaks_a_connection)
{
    NEEDS_SERVER("POSTGRES_URL");
    EXPECT_EQ(run_sql("SELECT pg_terminate_backend(pg_backend_pid())", {{"count", 20}}).by_error,
              (error_counts{{"SQLSTATE 57P01", 20}}));
    EXPECT_EQ(run_sql({"SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"},
                      {{"count", 40}, {"connections", 3}})
                  .ok,
              20U);
    EXPECT_EQ(run_sql({"BEGIN; SELECT 1/0", "SELECT 1"}, {{"count", 20}}).ok, 10U);
    EXPECT_EQ(run_sql("COPY (SELECT 1) TO STDOUT", {{"count", 3}}).by_error,
              (error_counts{{"COPY is not spoken", 3}}));
    EXPECT_EQ(run_sql("SELECT pg_sleep(60)", {{"count", 10}, {"timeout", 200'000'000}}).by_error,
              (error_counts{{"timeout", 10}}));
    auto const big = run_sql("SELECT length('" + std::string(3'000'000, 'x') + "')",
                             {{"count", 4}, {"connections", 2}});
    EXPECT_EQ(big.ok, 4U) << json(big.by_error);
}

TEST(load_real, postgres_says_why_it_is_not_let_in)
{
    NEEDS_SERVER("POSTGRES_URL");
    auto const full =
        run_sql("SELECT pg_sleep(1)",
                {{"count", 130}, {"connections", 130}, {"rate", 1'000}, {"timeout", slow}});
    EXPECT_GT(full.ok, 0U);
    EXPECT_GT(full.errors, 0U);
    EXPECT_EQ(full.by_error, (error_counts{{"SQLSTATE 53300", full.errors}}));
    EXPECT_EQ(
        run_sql("SELECT 1", {{"connection", "postgresql://nobody@127.0.0.1:1/x"}, {"count", 5}})
            .by_error,
        (error_counts{{"refused", 5}}));
    aconite::testing::upstream_server const silent([](client_socket peer) { peer.receive_all(); });
    EXPECT_EQ(run_sql("SELECT 1",
                      {{"connection", silent.address()}, {"count", 5}, {"timeout", 200'000'000}})
                  .by_error,
              (error_counts{{"timeout", 5}}));
    aconite::testing::upstream_server const closing([](client_socket peer) { peer.receive(8); });
    auto const closed = run_sql("SELECT 1", {{"connection", closing.address()}, {"count", 5}});
    EXPECT_EQ(closed.errors, 5U);
    EXPECT_FALSE(closed.by_error.contains("timeout")) << json(closed.by_error);
}

load_summary run_redis(json const& words, json const& more = json::object())
{
    json all = {{"command", words},
                {"server", server_from("REDIS_ADDRESS")},
                {"rate", 1'000},
                {"count", 1},
                {"connections", 5}};
    all.update(more);
    return run_to_end("redis", all);
}

TEST(load_real, redis_runs_each_command_once)
{
    NEEDS_SERVER("REDIS_ADDRESS");
    ASSERT_EQ(run_redis({"DEL", "load_real", "load_real:set"}, {{"database", 3}}).ok, 1U);
    json const more = {{"count", 500}, {"database", 3}};
    auto const first = run_redis({"SADD", "load_real:set", "{uuid} {n}"}, more);
    EXPECT_EQ(first.ok, 500U) << json(first.by_error);
    EXPECT_EQ(run_redis({"SADD", "load_real:set", "{uuid} {n}"}, more).ok, 500U);
    EXPECT_EQ(run_redis({"INCR", "load_real"}, more).ok, 500U);
    auto const check = run_redis(
        {"EVAL",
         "if redis.call('GET', KEYS[1]) ~= '500' or redis.call('SCARD', KEYS[2]) ~= 500 then "
         "return redis.error_reply('DIFFERENT numbers') end return 1",
         "2", "load_real", "load_real:set"},
        {{"database", 3}});
    EXPECT_EQ(check.ok, 1U) << json(check.by_error);
}

TEST(load_real, redis_names_errors_by_their_first_word)
{
    NEEDS_SERVER("REDIS_ADDRESS");
    ASSERT_EQ(run_redis({"SET", "load_real:text", "x"}).ok, 1U);
    EXPECT_EQ(run_redis({"LPUSH", "load_real:text", "x"}, {{"count", 20}}).by_error,
              (error_counts{{"WRONGTYPE", 20}}));
    EXPECT_EQ(run_redis({"NO-SUCH-COMMAND"}, {{"count", 5}}).by_error, (error_counts{{"ERR", 5}}));
    EXPECT_EQ(run_redis({"PING"}, {{"count", 5}, {"database", 1'000'000}}).by_error,
              (error_counts{{"ERR", 5}}));
    EXPECT_EQ(run_redis({"BLPOP", "load_real:never", "0"}, {{"count", 5}, {"timeout", 200'000'000}})
                  .by_error,
              (error_counts{{"timeout", 5}}));
    EXPECT_EQ(run_redis({"QUIT"}, {{"count", 20}}).ok, 20U);
}

TEST(load_real, kafka_has_its_messages_acknowledged)
{
    NEEDS_SERVER("KAFKA_ADDRESS");
    for (auto const& properties : {json{{"acks", "all"}, {"enable.idempotence", true}},
                                   json{{"acks", 1}, {"linger.ms", 0}}}) {
        auto const all = run_to_end("kafka", {{"topic", "load_real"},
                                              {"brokers", server_from("KAFKA_ADDRESS")},
                                              {"key", "{key}"},
                                              {"value", {{"n", "{n}"}, {"id", "{uuid}"}}},
                                              {"rate", 500},
                                              {"count", 500},
                                              {"timeout", slow},
                                              {"producer", properties}});
        EXPECT_EQ(all.ok, 500U) << json(all.by_error);
        EXPECT_GT(all.answered.at(0.5), 0ns);
        EXPECT_GE(all.answered.at(0.5), all.service.at(0.5));
    }
}

}  // namespace
}  // namespace aconite::experiment
