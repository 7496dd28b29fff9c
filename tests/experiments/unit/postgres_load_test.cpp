#include "clients/experiment/load/postgres_channel.hpp"
#include "tests/experiments/unit/load_support.hpp"

#include <gtest/gtest.h>

namespace aconite::experiment {
namespace {

using namespace load_kit;

using fault_counts = std::map<std::string, std::uint64_t>;

json postgres_at(std::string const& connection, json const& more = json::object())
{
    json all = {{"sql", {"SELECT {n}"}}, {"connection", connection}, {"rate", 500}, {"count", 10}};
    all.update(more);
    return all;
}

TEST(postgres_load, names_what_keeps_it_from_connecting)
{
    EXPECT_EQ(run_to_end("postgres", postgres_at("127.0.0.1:1")).by_error,
              (fault_counts{{"refused", 10}}));
    upstream_server const silent([](client_socket peer) { peer.receive_all(); });
    EXPECT_EQ(
        run_to_end("postgres", postgres_at(silent.address(), {{"timeout", 100'000'000}})).by_error,
        (fault_counts{{"timeout", 10}}));
    // It has no TLS, and is full.
    upstream_server const full([](client_socket peer) {
        peer.receive(8);
        peer.send("N");
        peer.receive(8);
        constexpr std::string_view fields("SFATAL\0VFATAL\0C53300\0Mtoo many clients\0\0", 40);
        peer.send(std::string_view("E\0\0\0\x2c", 5));
        peer.send(fields);
        peer.shut_write();
        peer.receive_all();  // what is closed with something unread is reset
    });
    EXPECT_EQ(run_to_end("postgres", postgres_at(full.address())).by_error,
              (fault_counts{{"SQLSTATE 53300", 10}}));
    upstream_server const closing([](client_socket peer) { peer.receive(8); });
    EXPECT_EQ(run_to_end("postgres", postgres_at(closing.address())).by_error,
              (fault_counts{{"closed", 10}}));
}

TEST(postgres_load, finds_the_sqlstate_in_what_libpq_says)
{
    EXPECT_EQ(postgres_fault("connection to server at \"a\" failed: FATAL:  57P03\n"),
              "SQLSTATE 57P03");
    EXPECT_EQ(postgres_fault("FATAL:  sorry"), "connection failed");
    EXPECT_EQ(postgres_fault("FATAL:  57P"), "connection failed");
    EXPECT_EQ(postgres_fault(""), "connection failed");
}

TEST(postgres_load, says_which_setting_is_wrong)
{
    struct row {
        json values;
        std::string text;
    };
    for (auto const& [values, text] : std::vector<row>{
             {{{"connection", "host=a port"}},
              R"(connection: missing "=" after "port" in connection info string)"},
             {{{"connection", "no_such=1"}}, R"(connection: invalid connection option "no_such")"},
             {{{"connections", 257}}, "connections: must be at most 256"},
             {{{"sql", json::array()}}, "sql: must have at least one statement"},
             {{{"sql", {""}}}, "sql: a statement must not be empty or have a zero byte in it"},
         }) {
        recorder into(time_point::clock::now());
        auto const made = make_load("postgres", postgres_at("127.0.0.1:1", values), into);
        ASSERT_FALSE(made) << text;
        EXPECT_EQ(made.error().text, text);
    }
}

}  // namespace
}  // namespace aconite::experiment
