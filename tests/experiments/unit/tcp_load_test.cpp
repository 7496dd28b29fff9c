#include "tests/experiments/unit/load_support.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;
using namespace load_kit;

json tcp_to(std::string const& address, json more)
{
    json all = {{"address", address}, {"rate", 500}, {"count", 30}};
    all.update(more);
    return all;
}

TEST(tcp_load, makes_a_connection_for_each_request_that_sends_nothing)
{
    std::atomic<int> connections{0};
    upstream_server const server([&](client_socket peer) {
        ++connections;
        EXPECT_EQ(peer.receive_all(), "");
    });
    auto const all = run_to_end("tcp", tcp_to(server.address(), json::object()));
    EXPECT_EQ(all.ok, 30U);
    EXPECT_TRUE(eventually([&] { return connections == 30; }));
}

TEST(tcp_load, waits_for_what_an_answer_ends_with)
{
    std::atomic<int> connections{0};
    upstream_server const server([&](client_socket peer) {
        ++connections;
        for (auto got = peer.receive(4); got.size() == 4; got = peer.receive(4)) {
            // In parts, and with what looks like the end.
            for (char const c : std::string_view("+OK+ +OK++."))
                peer.send({&c, 1});
        }
    });
    auto const all = run_to_end(
        "tcp", tcp_to(server.address(), {{"send", "PING"}, {"expect", "++."}, {"connections", 3}}));
    EXPECT_EQ(all.ok, 30U);
    EXPECT_EQ(connections, 3);
}

TEST(tcp_load, waits_for_so_many_bytes)
{
    upstream_server const server(
        [](client_socket peer) { aconite::testing::echo(std::move(peer)); });
    auto const echoed =
        run_to_end("tcp", tcp_to(server.address(), {{"send", "12345678"}, {"expect_bytes", 8.0}}));
    EXPECT_EQ(echoed.ok, 30U);
    auto const too_few = run_to_end("tcp", tcp_to(server.address(), {{"send", "1234567"},
                                                                     {"expect_bytes", 8.0},
                                                                     {"count", 3},
                                                                     {"timeout", 50'000'000}}));
    EXPECT_EQ(too_few.by_error, (std::map<std::string, std::uint64_t>{{"timeout", 3}}));
}

TEST(tcp_load, waits_for_nothing_where_nothing_is_expected)
{
    std::mutex mutex;
    std::string got;
    std::atomic<int> connections{0};
    upstream_server const server([&](client_socket peer) {
        ++connections;
        peer.send("hello, whoever you are\n");
        auto const all = peer.receive_all();
        std::scoped_lock const lock(mutex);
        got += all;
    });
    auto const all = run_to_end(
        "tcp", tcp_to(server.address(), {{"send", "n={n};"}, {"connections", 1}, {"count", 12}}));
    EXPECT_EQ(all.ok, 12U);
    EXPECT_EQ(connections, 1);
    EXPECT_TRUE(eventually([&] {
        std::scoped_lock const lock(mutex);
        return got == "n=0;n=1;n=2;n=3;n=4;n=5;n=6;n=7;n=8;n=9;n=10;n=11;";
    }));
}

TEST(tcp_load, tells_nobody_from_one_who_does_not_answer)
{
    aconite::testing::blackhole const dark;
    auto const silence =
        run_to_end("tcp", tcp_to(dark.address(), {{"count", 5}, {"timeout", 100'000'000}}));
    EXPECT_EQ(silence.by_error, (std::map<std::string, std::uint64_t>{{"timeout", 5}}));
    upstream_server const closing([](client_socket peer) { peer.receive(1); });
    auto const closed =
        run_to_end("tcp", tcp_to(closing.address(), {{"send", "x"}, {"expect", "\n"}}));
    EXPECT_EQ(closed.errors, 30U);
    EXPECT_EQ(closed.by_error, (std::map<std::string, std::uint64_t>{{"closed", 30}}));
}

TEST(tcp_load, says_which_setting_is_wrong)
{
    struct row {
        json values;
        std::string text;
    };
    for (auto const& [values, text] : std::vector<row>{
             {{{"address", "http://a/b"}}, "address: must be host:port"},
             {{{"expect", "x"}}, "send: is missing: without it nothing is expected"},
             {{{"send", "x"}, {"expect", ""}}, "expect: must not be empty"},
             {{{"send", "x"}, {"expect", "x"}, {"expect_bytes", 1.0}},
              "expect_bytes: is there beside `expect`: an answer has one end only"},
         }) {
        recorder into(time_point::clock::now());
        auto const made = make_load("tcp", tcp_to("127.0.0.1:1", values), into);
        ASSERT_FALSE(made) << text;
        EXPECT_EQ(made.error().text, text);
    }
}

}  // namespace
}  // namespace aconite::experiment
