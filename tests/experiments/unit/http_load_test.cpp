#include "clients/experiment/load/http_answer.hpp"
#include "tests/experiments/unit/load_support.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;
using namespace load_kit;

std::int64_t ns(nanoseconds time)
{
    return time.count();
}

json http_to(std::string const& address, json more)
{
    json all = {{"url", "http://" + address + "/orders/{key}"}, {"rate", 500}};
    all.update(more);
    return all;
}

std::vector<std::string> requests_of_seed(std::uint64_t seed, json const& more)
{
    std::vector<std::string> seen;
    auto const server = http_stub([&](std::string const& request) {
        seen.push_back(request);
        return std::string(http_ok);
    });
    json values = {{"connections", 1}, {"count", 40}, {"headers", {{"Host", "x"}}}};
    values.update(more);
    auto const all = run_to_end("http", http_to(server->address(), values), {.seed = seed});
    EXPECT_EQ(all.ok, 40U);
    return seen;
}

TEST(http_load, sends_the_same_requests_for_the_same_seed)
{
    for (auto const& more : {json{{"body", R"({"n": {n}, "id": "{uuid}", "c": {connection}})"}},
                             json{{"distribution", "zipf"}, {"keys", 5}, {"arrival", "poisson"}}}) {
        auto const first = requests_of_seed(1, more);
        EXPECT_EQ(first.size(), 40U);
        EXPECT_EQ(requests_of_seed(1, more), first);
        EXPECT_NE(requests_of_seed(2, more), first);
    }
}

TEST(http_load, sends_requests_in_turn_with_what_each_says)
{
    std::vector<std::string> seen;
    auto const server = http_stub([&](std::string const& request) {
        seen.push_back(request);
        return request.starts_with("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
                                           : std::string(http_ok);
    });
    auto const all = run_to_end(
        "http", http_to(server->address(),
                        {{"connections", 1},
                         {"count", 6},
                         {"headers", {{"X-Run", "{n}"}}},
                         {"requests",
                          {{{"path", "/a?n={n}"}},
                           {{"method", "PUT"}, {"path", "/b"}, {"body", {{"n", "{n}"}}}},
                           {{"method", "HEAD"}, {"path", "/c"}, {"headers", {{"Host", "x"}}}}}}}));
    EXPECT_EQ(all.ok, 6U);
    ASSERT_EQ(seen.size(), 6U);
    EXPECT_EQ(seen[3], "GET /a?n=3 HTTP/1.1\r\nUser-Agent: aconite-experiment\r\nHost: " +
                           server->address() + "\r\nX-Run: 3\r\n\r\n");
    EXPECT_TRUE(seen[4].starts_with("PUT /b HTTP/1.1\r\n")) << seen[4];
    EXPECT_TRUE(seen[4].ends_with("Content-Type: application/json\r\nContent-Length: 9\r\n\r\n"
                                  R"({"n":"4"})"))
        << seen[4];
    EXPECT_NE(seen[5].find("\r\nHost: x\r\n\r\n"), std::string::npos) << seen[5];
}

TEST(http_load, names_what_went_wrong)
{
    struct row {
        std::string answer;  ///< empty: it is closed
        std::string error;
    };
    for (auto const& [answer, error] : {
             row{"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "HTTP 500"},
             row{"HTTP/1.1 302 No\r\nContent-Length: 0\r\n\r\n", "HTTP 302"},
             row{"", "closed"},
             row{"SSH-2.0-OpenSSH_9.2\r\n", "no HTTP"},
             row{"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "no HTTP"},
             row{"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'), "no HTTP"},
         }) {
        auto const server = http_stub([&answer = answer](std::string const&) { return answer; });
        auto const all =
            run_to_end("http", http_to(server->address(), {{"count", 20}, {"timeout", ns(5s)}}));
        EXPECT_EQ(all.errors, 20U) << error;
        EXPECT_EQ(all.by_error, (std::map<std::string, std::uint64_t>{{error, 20}}));
    }
}

TEST(http_load, takes_the_statuses_that_are_expected)
{
    auto const server = http_stub([](std::string const& request) {
        return request.find("n=1 ") != std::string::npos
                   ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
                   : "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";
    });
    json values = {{"url", "http://" + server->address() + "?n={n}"},
                   {"rate", 100},
                   {"count", 3},
                   {"expect_status", {"2xx", "404"}}};
    auto const all = run_to_end("http", values);
    EXPECT_EQ(all.ok, 1U);
    EXPECT_EQ(all.by_error.at("HTTP 503"), 2U);
}

TEST(http_load, keeps_connections_and_makes_those_anew_that_were_closed_while_idle)
{
    std::atomic<int> connections{0};
    upstream_server const server([&](client_socket peer) {
        ++connections;
        for (int each = 0; each < 5; ++each) {
            if (read_http(peer).empty())
                return;
            peer.send(http_ok);
        }
    });
    auto const all = run_to_end(
        "http", http_to(server.address(), {{"rate", 50}, {"connections", 2}, {"count", 40}}));
    EXPECT_EQ(all.ok, 40U);
    EXPECT_EQ(all.errors, 0U);
    EXPECT_GE(connections, 8);
    EXPECT_LE(connections, 9);
}

TEST(http_load, goes_on_while_nobody_listens)
{
    std::string address;
    {
        upstream_server const gone([](client_socket) {});
        address = gone.address();
    }
    auto const all = run_to_end("http", http_to(address, {{"count", 50}}));
    EXPECT_EQ(all.by_error, (std::map<std::string, std::uint64_t>{{"refused", 50}}));
    json nowhere = {{"url", "http://host.invalid:80/"}, {"rate", 100}, {"count", 2}};
    EXPECT_EQ(run_to_end("http", nowhere).by_error.at("host not found"), 2U);
}

TEST(http_load, tells_silence_from_a_reset)
{
    upstream_server const silent([](client_socket peer) { peer.receive_all(); });
    auto const first =
        run_to_end("http", http_to(silent.address(), {{"count", 10}, {"timeout", ns(100ms)}}));
    EXPECT_EQ(first.by_error, (std::map<std::string, std::uint64_t>{{"timeout", 10}}));
    upstream_server const rude([](client_socket peer) {
        read_http(peer);
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        peer.reset();
    });
    auto const second = run_to_end("http", http_to(rude.address(), {{"count", 10}}));
    EXPECT_EQ(second.by_error, (std::map<std::string, std::uint64_t>{{"reset", 10}}));
}

TEST(http_load, does_not_send_what_is_due_beyond_its_backlog)
{
    upstream_server const silent([](client_socket peer) { peer.receive_all(); });
    recorder into(time_point::clock::now());
    auto const made = make_load("http",
                                http_to(silent.address(),
                                        {{"connections", 2}, {"max_backlog", 5}, {"count", 100}}),
                                into)
                          .value();
    ASSERT_TRUE(made->start());
    // Two wait for answers, five in the queue.
    EXPECT_TRUE(eventually([&] { return into.requests() == 93; }));
    EXPECT_TRUE(made->running());
    auto const end = made->stop(50ms);
    EXPECT_FALSE(made->running());
    EXPECT_EQ(end.fault, "");
    EXPECT_EQ(
        into.between(into.origin(), never).by_error,
        (std::map<std::string, std::uint64_t>{{"not sent", 98}, {"no answer by the end", 2}}));
}

TEST(http_load, waits_at_its_end_for_answers_that_come_in_time)
{
    std::mutex asked;
    asked.lock();
    std::atomic<bool> has_come{false};
    auto const server = http_stub([&](std::string const&) {
        has_come = true;
        std::scoped_lock const until_told(asked);
        return std::string(http_ok);
    });
    recorder into(time_point::clock::now());
    auto const made =
        make_load("http", http_to(server->address(), {{"rate", 0.001}}), into).value();
    ASSERT_TRUE(made->start());
    EXPECT_TRUE(eventually([&] { return has_come.load(); }));
    EXPECT_EQ(into.requests(), 0U);
    // Whoever ends it waits meanwhile.
    std::jthread ending([&] { made->stop(aconite::testing::patience); });
    asked.unlock();
    ending.join();
    EXPECT_EQ(into.between(into.origin(), never).ok, 1U);
}

TEST(http_load, counts_latency_from_when_a_request_was_due)
{
    // A thousand a second for five seconds, in whose middle nothing is answered for one second.
    auto const start = time_point::clock::now();
    auto const server = http_stub([&](std::string const&) {
        if (auto const now = time_point::clock::now(); now > start + 2s && now < start + 3s)
            std::this_thread::sleep_until(start + 3s);
        return std::string(http_ok);
    });
    auto const all =
        run_to_end("http", http_to(server->address(), {{"rate", 1'000}, {"count", 5'000}}));
    EXPECT_EQ(all.ok, 5'000U);
    // A thousand were due meanwhile, 150 of them in its first 150 ms.
    EXPECT_GE(all.answered.at(0.97), 800ms);
    EXPECT_GE(all.answered.at(0.99), 900ms);
    // Of ten connections ten requests were under way: that is all that a client sees of it which
    // waits for an answer before it sends the next.
    EXPECT_LE(all.service.at(0.99), 500ms);
    EXPECT_GE(all.service.longest(), 900ms);
}

TEST(http_load, says_which_setting_is_wrong)
{
    struct row {
        json values;
        std::string text;
    };
    for (auto const& [values, text] : std::vector<row>{
             {{{"rate", 0}}, "rate: must be from 0.001 to 100000 requests per second"},
             {{{"rate", 1e6}}, "rate: must be from 0.001 to 100000 requests per second"},
             {{{"connections", 0}}, "connections: must be at least 1"},
             {{{"keys", 0}}, "keys: must be from 1 to 1000000"},
             {{{"timeout", 0}}, "timeout: must be at least 1ms"},
             {{{"url", "http://a:0/"}},
              "url: 'http://a:0' is no server address: the port is not a number from 1 to 65535"},
             {{{"url", "http://a/b c"}}, "path: must not have spaces or control characters in it"},
             {{{"method", "GE T"}}, "method: must be a word such as GET"},
             {{{"headers", {{"a b", "c"}}}}, "headers: 'a b' is no name of a header"},
             {{{"headers", {{"a", "b\r\nc: d"}}}}, "headers: a has a control character in it"},
             {{{"headers", {{"content-length", "1"}}}},
              "headers: content-length is set by the load itself"},
             {{{"expect_status", {"20x"}}},
              "expect_status: '20x' must be a status from 100 to 599, or 2xx"},
             {{{"requests", json::array()}},
              "requests: must be a list of {method, path, headers, body}"},
             {{{"requests", {{{"paht", "/"}}}}},
              "requests[0]: unknown key 'paht', did you mean 'path'?"},
             {{{"requests", {{{"path", "/"}}, {{"path", "x"}}}}},
              "requests[1].path: must begin with /"},
         }) {
        recorder into(time_point::clock::now());
        auto const made = make_load("http", http_to("127.0.0.1:1", values), into);
        ASSERT_FALSE(made) << text;
        EXPECT_EQ(made.error().text, text);
    }
}

TEST(http_answer_reader, finds_the_end_of_an_answer_however_it_is_cut)
{
    using state = http_answer_reader::state;
    struct row {
        std::string answer;
        unsigned status;
        bool keep;
        bool head = false;
        bool until_closed = false;
    };
    for (auto const& each : std::vector<row>{
             {"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello", 201, true},
             {"HTTP/1.1 204 None\r\n\r\n", 204, true},
             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              "5;x=y\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
              200, true},
             {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
              "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
              200, true},
             {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, true, true},
             {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", 200, false},
             {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, false},
             {"HTTP/1.1 200 OK\r\n\r\nhello", 200, false, false, true},
         })
        for (std::size_t part = 1; part <= each.answer.size(); ++part) {
            http_answer_reader reader;
            reader.begin(each.head);
            auto last = state::more;
            std::string_view rest = each.answer;
            while (!rest.empty()) {
                EXPECT_EQ(last, state::more) << each.answer << part;
                last = reader.hear(rest.substr(0, part));
                rest.remove_prefix(std::min(part, rest.size()));
            }
            if (each.until_closed)
                last = reader.closed();
            EXPECT_EQ(last, state::whole) << each.answer << part;
            EXPECT_EQ(reader.status(), each.status);
            EXPECT_EQ(reader.keep(), each.keep) << each.answer;
        }
    http_answer_reader more;
    more.begin(false);
    EXPECT_EQ(more.hear("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP"), state::whole);
    EXPECT_FALSE(more.keep());
    more.begin(false);
    EXPECT_EQ(more.hear("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx"), state::more);
    EXPECT_EQ(more.closed(), state::wrong);
}

}  // namespace
}  // namespace aconite::experiment
