#include "tests/experiments/unit/load_support.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace aconite::experiment {
namespace {

using namespace load_kit;

json redis_at(std::string const& address, json const& more)
{
    json all = {{"command", {"GET", "k{n}"}}, {"server", address}, {"rate", 500}, {"count", 10}};
    all.update(more);
    return all;
}

constexpr std::string_view one_get = "*2\r\n$3\r\nGET\r\n$2\r\nk0\r\n";
constexpr std::string_view one_auth = "*2\r\n$4\r\nAUTH\r\n$3\r\nabc\r\n";

TEST(redis_load, takes_answers_in_parts_and_names_errors)
{
    struct row {
        std::string answer;
        std::string error;
    };
    for (auto const& [answer, error] :
         {row{"$3\r\na\r\n\r\n", ""}, row{"*2\r\n:1\r\n*1\r\n$-1\r\n", ""},
          row{"-LOADING Redis is loading\r\n", "LOADING"}, row{"-what is this\r\n", "ERR"},
          row{"HTTP/1.1 400 Bad Request\r\n\r\n", "no Redis protocol"}}) {
        upstream_server const server([&, &answer = answer](client_socket peer) {
            while (peer.receive(one_get.size()).size() == one_get.size())
                for (char const c : answer)
                    peer.send({&c, 1});
        });
        auto const all = run_to_end("redis", redis_at(server.address(), json::object()));
        EXPECT_EQ(all.ok, error.empty() ? 10U : 0U) << answer << json(all.by_error);
        EXPECT_EQ(all.errors, error.empty() ? 0U : 10U);
        EXPECT_EQ(all.by_error.contains(error), !error.empty()) << json(all.by_error);
    }
}

TEST(redis_load, greets_once_on_a_connection_and_makes_it_anew_if_it_was_not_let_in)
{
    std::atomic<int> connections{0};
    upstream_server const server([&](client_socket peer) {
        auto const good = ++connections > 1;
        EXPECT_EQ(peer.receive(one_auth.size()), one_auth);
        peer.send(good ? "+OK\r\n" : "-WRONGPASS no\r\n");
        while (peer.receive(one_get.size()).size() == one_get.size())
            peer.send(good ? "$-1\r\n" : "-NOAUTH no\r\n");
    });
    auto const all =
        run_to_end("redis", redis_at(server.address(), {{"password", "abc"}, {"connections", 1}}));
    EXPECT_EQ(all.ok, 9U);
    EXPECT_EQ(all.by_error, (std::map<std::string, std::uint64_t>{{"WRONGPASS", 1}}));
    EXPECT_EQ(connections, 2);
}

}  // namespace
}  // namespace aconite::experiment
