#include <aconite/client.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace aconite::client {
namespace {

using namespace std::chrono_literals;

/// Listens on a port of 127.0.0.1 and, on demand, serves one connection with a fixed answer.
class one_answer {
public:
    one_answer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, plain, size) != 0 || listen(listener_, 4) != 0 ||
            getsockname(listener_, plain, &size) != 0)
            throw std::runtime_error("cannot listen");
        port_ = ntohs(address.sin_port);
    }
    ~one_answer()
    {
        if (thread_.joinable())
            thread_.join();
        stop_listening();
    }
    one_answer(one_answer const&) = delete;
    one_answer& operator=(one_answer const&) = delete;

    void serve(std::string answer)
    {
        thread_ = std::thread([this, answer = std::move(answer)] {
            auto const peer = accept(listener_, nullptr, nullptr);
            while (request_.find("\r\n\r\n") == std::string::npos) {
                char part[4096];
                auto const count = recv(peer, part, sizeof part, 0);
                if (count <= 0)
                    break;
                request_.append(part, static_cast<std::size_t>(count));
            }
            send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
            close(peer);
        });
    }

    /// What was asked; waits for the end of the conversation.
    std::string request()
    {
        thread_.join();
        return request_;
    }

    void stop_listening()
    {
        if (listener_ >= 0)
            close(listener_);
        listener_ = -1;
    }

    [[nodiscard]] server_config config() const
    {
        server_config out;
        out.url = "127.0.0.1:" + std::to_string(port_);
        out.user_agent = "probe/1";
        return out;
    }

private:
    int listener_;
    unsigned port_ = 0;
    std::string request_;
    std::thread thread_;
};

std::string http(std::string const& status, std::string const& body)
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

TEST(client_server, names_the_address_and_the_reason_when_nobody_listens)
{
    one_answer nobody;
    nobody.stop_listening();
    auto const config = nobody.config();
    auto const answer = server(config).proxies();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error(),
              (problem{0, "cannot reach http://" + config.url + ": Connection refused"}));
}

TEST(client_server, passes_on_the_status_and_text_of_a_refusal)
{
    one_answer fake;
    fake.serve(http("404 Not Found", R"({"error":"proxy not found","status":404})"));
    auto const answer = server(fake.config()).proxy("nope");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error(), (problem{404, "proxy not found"}));
}

TEST(client_server, shows_the_first_line_of_a_refusal_that_is_no_json)
{
    one_answer fake;
    fake.serve(http("404 Not Found", "404 page not found\n"));
    auto const answer = server(fake.config()).proxy("nope");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error(), (problem{404, "404 page not found"}));
}

TEST(client_server, reads_where_the_journal_goes_on)
{
    one_answer fake;
    fake.serve("HTTP/1.1 200 OK\r\nAconite-Journal-Next: 12\r\nACONITE-JOURNAL-MISSED: 3\r\n"
               "Content-Length: 3\r\n\r\n{}\n");
    auto const page = server(fake.config()).journal("since=9").value();
    EXPECT_EQ(page.lines, "{}\n");
    EXPECT_EQ(page.next, 12);
    EXPECT_EQ(page.missed, 3);
    EXPECT_TRUE(fake.request().starts_with("GET /journal?since=9 HTTP/1.1\r\n"));
}

TEST(client_server, tells_events_until_the_server_ends)
{
    one_answer fake;
    fake.serve("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
               "event: mark\ndata: {\"a\":1}\n\n:\n\nevent: missed\ndata: {}\n\n");
    std::string seen;
    auto const end = server(fake.config()).follow_journal("kind=mark", [&](auto event, auto data) {
        seen.append(event).append(data);
    });
    EXPECT_EQ(seen, "mark{\"a\":1}missed{}");
    EXPECT_EQ(end, (problem{0, "http://" + fake.config().url + " ended the stream"}));
    EXPECT_TRUE(fake.request().starts_with("GET /events?kind=mark HTTP/1.1\r\n"));
}

TEST(client_server, tells_why_events_are_refused)
{
    one_answer fake;
    fake.serve(http("400 Bad Request", R"({"error":"bad query","status":400})"));
    auto const end =
        server(fake.config()).follow_journal("", [](auto, auto) { ADD_FAILURE() << "no event"; });
    EXPECT_EQ(end, (problem{400, "bad query"}));
}

TEST(client_server, waits_for_events_as_long_as_for_an_answer)
{
    one_answer silent;  // which never accepts
    auto config = silent.config();
    config.answer_timeout = 50ms;
    auto const end =
        server(config).follow_journal("", [](auto, auto) { ADD_FAILURE() << "no event"; });
    EXPECT_EQ(end,
              (problem{0, "no answer from http://" + config.url + ": no answer within 50 ms"}));
}

TEST(client_server, escapes_names_and_says_who_asks)
{
    one_answer fake;
    fake.serve(http("204 No Content", ""));
    EXPECT_TRUE(server(fake.config()).remove_toxic("host:1", "a b"));
    auto const request = fake.request();
    EXPECT_TRUE(request.starts_with("DELETE /proxies/host%3A1/toxics/a%20b HTTP/1.1\r\n"))
        << request;
    EXPECT_NE(request.find("User-Agent: probe/1\r\n"), std::string::npos) << request;
}

TEST(client_server, reads_the_version_of_old_and_new_servers)
{
    one_answer recent;
    recent.serve(http("200 OK", "{\"version\": \"2.12.0\"}\n"));
    EXPECT_EQ(server(recent.config()).version().value(), "2.12.0");
    one_answer old;
    old.serve(http("200 OK", "2.1.4"));
    EXPECT_EQ(server(old.config()).version().value(), "2.1.4");
}

TEST(client_server, opens_renews_lists_and_ends_leases)
{
    struct {
        std::string status, answer, request;
        std::function<std::vector<lease_info>(server)> ask;
    } const cases[] = {
        {"201 Created", R"({"id":"a","ttl":900,"left":900})", "POST /leases ",
         [](server s) { return std::vector{s.open_lease(900).value()}; }},
        {"200 OK", R"({"id":"a","ttl":900,"left":900})", "POST /leases/a%2Fb ",
         [](server s) { return std::vector{s.renew_lease("a/b").value()}; }},
        {"200 OK", R"([{"id":"a","ttl":900,"left":900,"new":1}])", "GET /leases ",
         [](server s) { return s.leases().value(); }},
    };
    for (auto const& each : cases) {
        one_answer fake;
        fake.serve(http(each.status, each.answer));
        auto const leases = each.ask(server(fake.config()));
        ASSERT_EQ(leases.size(), 1u);
        EXPECT_EQ(leases[0].id, "a");
        EXPECT_EQ(leases[0].ttl_ms, 900);
        EXPECT_EQ(leases[0].left_ms, 900);
        EXPECT_TRUE(fake.request().starts_with(each.request));
    }
    one_answer fake;
    fake.serve(http("204 No Content", ""));
    EXPECT_TRUE(server(fake.config()).end_lease("a"));
    EXPECT_TRUE(fake.request().starts_with("DELETE /leases/a "));
}

TEST(client_server, gives_up_on_a_server_that_does_not_answer)
{
    one_answer silent;  // its kernel accepts, nobody reads
    auto config = silent.config();
    config.answer_timeout = 50ms;
    auto const answer = server(config).version();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().text,
              "no answer from http://" + config.url + ": no answer within 50 ms");
}

TEST(client_server, says_so_when_the_answer_makes_no_sense)
{
    for (auto const* body : {"<html>", "[1]", R"({"p":{"name":1}})"}) {
        one_answer fake;
        fake.serve(http("200 OK", body));
        auto const answer = server(fake.config()).proxies();
        ASSERT_FALSE(answer) << body;
        EXPECT_EQ(answer.error().status, 0);
        EXPECT_TRUE(answer.error().text.starts_with("unexpected answer from the server"));
    }
}

}  // namespace
}  // namespace aconite::client
