#include "api/http/server.hpp"

#include "tests/support/sockets.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

namespace aconite::api {
namespace {

using testing::client_socket;

std::string request_for(std::string const& path)
{
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

/// The status of the next answer, which has no body.
std::string status_of(client_socket& client)
{
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        auto const next = client.receive(1);
        if (next.empty())
            return "the end after " + head;
        head += next;
    }
    return head.substr(9, 3);
}

response no_content()
{
    return empty_answer(http::status::no_content);
}

/// A server whose /slow answers once `release` was called.
struct slow_and_fast {
    explicit slow_and_fast(server_limits given = {}) : limits(given)
    {
        address = http.start("127.0.0.1", "0").value();
    }
    ~slow_and_fast() { release(); }

    void release()
    {
        if (!std::exchange(released, true))
            gate.set_value();
    }

    server_limits limits;
    bool released = false;
    std::promise<void> gate;
    std::shared_future<void> open = gate.get_future().share();
    server http{
        router(
            {{{http::verb::get},
              "/slow",
              route_doc{"Slow"},
              [this](call&) {
                  open.wait();
                  return no_content();
              },
              true},
             {{http::verb::get}, "/fast", route_doc{"Fast"}, [](call&) { return no_content(); }}}),
        {},
        limits};
    std::string address;
};

TEST(server, answers_while_many_handlers_wait)
{
    slow_and_fast served;
    std::vector<client_socket> waiting;
    for (int i = 0; i < 8; ++i) {
        waiting.emplace_back(served.address);
        waiting.back().send(request_for("/slow"));
    }
    client_socket client(served.address);
    client.send(request_for("/fast"));
    EXPECT_EQ(status_of(client), "204");
    served.release();
    for (auto& each : waiting)
        EXPECT_EQ(status_of(each), "204");
}

TEST(server, answers_requests_that_come_together_or_in_pieces)
{
    slow_and_fast served;
    client_socket client(served.address);
    client.send(request_for("/fast") + request_for("/missing") + "GET /fa");
    EXPECT_EQ(status_of(client), "204");
    EXPECT_EQ(status_of(client), "404");
    client.receive(std::string("404 page not found\n").size());
    client.send("st HTTP/1.1\r\nHo");
    client.send("st: x\r\n\r\n");
    EXPECT_EQ(status_of(client), "204");
}

TEST(server, closes_a_client_that_takes_too_long)
{
    server_limits limits;
    limits.request = std::chrono::milliseconds(50);
    server http(router({}), {}, limits);
    auto const address = http.start("127.0.0.1", "0").value();
    client_socket silent(address);
    EXPECT_EQ(silent.receive_all(), "");
    client_socket slow(address);
    slow.send("GET / HT");
    EXPECT_EQ(slow.receive_all(), "");
}

/// A server for three connections.
struct small_server : slow_and_fast {
    small_server() : slow_and_fast(server_limits{.connections = 3}) {}

    client_socket connected(std::string const& text = "")
    {
        client_socket made(address);
        made.send(text);
        return made;
    }
    std::string answer(client_socket& client)
    {
        client.send(request_for("/fast"));
        return status_of(client);
    }
};

TEST(server, that_is_full_closes_who_has_no_complete_request_for_longest)
{
    small_server served;
    auto first = served.connected();
    EXPECT_EQ(served.answer(first), "204");
    auto second = served.connected("GET /fa");
    auto third = served.connected();
    EXPECT_EQ(served.answer(first), "204");  // has come in later than the second and the third
    auto fourth = served.connected();
    EXPECT_EQ(served.answer(fourth), "204");
    EXPECT_EQ(second.receive_all(), "");
    EXPECT_EQ(served.answer(third), "204");
    EXPECT_EQ(served.answer(first), "204");
}

TEST(server, that_is_full_spares_who_is_being_answered)
{
    small_server served;
    auto waiting = served.connected(request_for("/slow"));
    auto second = served.connected();
    auto third = served.connected();
    for (auto* each : {&third, &second})
        EXPECT_EQ(served.answer(*each), "204");
    for (int i = 0; i < 5; ++i) {
        auto more = served.connected();
        EXPECT_EQ(served.answer(more), "204");
    }
    served.release();
    EXPECT_EQ(status_of(waiting), "204");
}

TEST(server, that_answers_everybody_closes_who_asked_first)
{
    small_server served;
    std::vector<client_socket> waiting;
    for (int i = 0; i < 3; ++i)
        waiting.push_back(served.connected(request_for("/slow")));
    auto fourth = served.connected();
    EXPECT_EQ(served.answer(fourth), "204");
    EXPECT_EQ(waiting[0].receive_all(), "");
    served.release();
    EXPECT_EQ(status_of(waiting[1]), "204");
    EXPECT_EQ(status_of(waiting[2]), "204");
}

}  // namespace
}  // namespace aconite::api
