#include "clients/experiment/probes/dial.hpp"
#include "clients/experiment/probes/faults.hpp"
#include "tests/experiments/unit/probe_kit.hpp"

namespace aconite::experiment::probe_kit {
namespace {

using namespace std::chrono_literals;

/// Every kind that asks over a network, with the least that it needs.
std::vector<std::pair<std::string, json>> networked(std::string const& address)
{
    std::vector<std::pair<std::string, json>> all = {
        {"http", {{"url", "http://" + address}, {"of", "status"}}},
        {"http", {{"url", "https://" + address}, {"of", "status"}, {"verify", false}}},
        {"prometheus", {{"url", "http://" + address + "/metrics"}, {"metric", "a"}}},
        {"prometheus", {{"url", "http://" + address}, {"query", "up"}}},
        {"redis", {{"command", {"PING"}}, {"server", address}}},
        {"redis", {{"command", {"PING"}}, {"server", "redis://:secret@" + address + "/3"}}},
        {"sql", {{"query", "SELECT 1"}, {"connection", address}}},
        {"sql", {{"query", "SELECT 1"}, {"connection", "postgres://u:secret@" + address + "/db"}}},
    };
    if (kafka_can_run)
        for (json const& each : {json::object(), json({{"of", "keys"}}), json({{"group", "g"}})}) {
            all.emplace_back("kafka", json{{"topic", "t"}, {"brokers", address}});
            all.back().second.update(each);
        }
    return all;
}

void expect_absent_in_time(std::string const& name, json const& fields, std::string const& address)
{
    SCOPED_TRACE(name + " " + fields.dump());
    auto const made = make_probe(name, fields);
    ASSERT_TRUE(made) << made.error().text;
    for (int round = 0; round < 2; ++round) {
        result<value> seen = value(0.0);
        auto const took = time_of([&] { seen = (*made)->look(400ms); });
        ASSERT_FALSE(seen) << to_text(*seen);
        EXPECT_EQ(seen.error().status, status_absent) << seen.error().text;
        EXPECT_NE(seen.error().text.find(address), std::string::npos) << seen.error().text;
        EXPECT_EQ(seen.error().text.find("secret"), std::string::npos) << seen.error().text;
        EXPECT_EQ(seen.error().text.find('\n'), std::string::npos) << seen.error().text;
        EXPECT_LT(took, 400ms + slack);
    }
}

TEST(socket_probes, keep_their_time_before_a_silent_peer)
{
    // Each has one of its own: a script serves one connection at a time.
    for (std::size_t i = 0; i < networked("").size(); ++i) {
        scripted_peer const peer(scripted_peer::be_silent);
        auto const [name, fields] = networked(peer.address())[i];
        expect_absent_in_time(name, fields, peer.address());
    }
}

TEST(socket_probes, name_a_peer_that_is_not_there)
{
    dead_port const port;
    for (auto const& [name, fields] : networked(port.address()))
        expect_absent_in_time(name, fields, port.address());
}

TEST(socket_probes, name_a_peer_that_hangs_up)
{
    scripted_peer const peer(
        [](int connection, std::stop_token const&) { scripted_peer::hear(connection); });
    for (auto const& [name, fields] : networked(peer.address()))
        expect_absent_in_time(name, fields, peer.address());
}

TEST(socket_probes, keep_their_time_before_a_peer_that_never_comes_to_an_end)
{
    scripted_peer const web(scripted_peer::trickling("HTTP/1.1 200 OK\r\n\r\n", "a"));
    expect_absent_in_time("http", {{"url", "http://" + web.address()}, {"of", "body"}},
                          web.address());
    scripted_peer const list(scripted_peer::trickling("*100000\r\n", "$1\r\na\r\n"));
    expect_absent_in_time("redis", {{"command", {"KEYS", "*"}}, {"server", list.address()}},
                          list.address());
    // An authentication that goes on and on, by parameters and notices.
    scripted_peer const base(scripted_peer::trickling("N", std::string("R\0\0\0\x08\0\0\0\0", 9)));
    expect_absent_in_time("sql", {{"query", "SELECT 1"}, {"connection", base.address()}},
                          base.address());
}

TEST(socket_probes, refuse_what_is_no_answer)
{
    scripted_peer const peer(scripted_peer::answering(
        "\x1b[2J no \xff protocol at all\r\n\r\n\r\n" + std::string(100, 'x')));
    for (auto const& [name, fields] : networked(peer.address())) {
        auto const text = problem_of(name, fields, {}, 1000ms);
        EXPECT_NE(text, "") << name;
        EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
    }
    scripted_peer const greedy(scripted_peer::answering("*2000000000\r\n"));
    EXPECT_NE(problem_of("redis", {{"command", {"KEYS", "*"}}, {"server", greedy.address()}})
                  .find("100,000"),
              std::string::npos);
    scripted_peer const endless(
        scripted_peer::answering("$30000000\r\n" + std::string(17 << 20, 'a')));
    EXPECT_NE(problem_of("redis", {{"command", {"GET", "a"}}, {"server", endless.address()}})
                  .find("16 MiB"),
              std::string::npos);
}

TEST(tcp_probe, tells_whether_a_port_takes_connections)
{
    scripted_peer const peer(scripted_peer::be_silent);
    dead_port const dead;
    EXPECT_EQ(value_of_probe("tcp", {{"address", peer.address()}}), value(1.0));
    EXPECT_EQ(value_of_probe("tcp", {{"address", dead.address()}}), value(0.0));
    EXPECT_EQ(value_of_probe("tcp", {{"address", "no-such-host.invalid:80"}}), value(0.0));
    auto const time = value_of_probe("tcp", {{"address", peer.address()}, {"of", "time"}});
    EXPECT_GT(std::get<double>(time), 0);
    EXPECT_LT(std::get<double>(time), 2);
    EXPECT_NE(problem_of("tcp", {{"address", dead.address()}, {"of", "time"}}), "");
}

TEST(http_probe, tells_what_is_asked_of_it)
{
    scripted_peer const peer(scripted_peer::answering(
        http_text(R"({"a": [1, "b", null], "n": 2.5, "t": true})", "201 X")));
    auto const ask = [&](json more) {
        more["url"] = "http://" + peer.address() + "/health?x=1#part";
        return more;
    };
    EXPECT_EQ(value_of_probe("http", ask({})), value(1.0));
    EXPECT_EQ(value_of_probe("http", ask({{"expect_status", 200}})), value(0.0));
    EXPECT_EQ(value_of_probe("http", ask({{"expect_status", 201}})), value(1.0));
    EXPECT_EQ(value_of_probe("http", ask({{"of", "status"}})), value(201.0));
    EXPECT_EQ(value_of_probe("http", ask({{"json", "/n"}})), value(2.5));
    EXPECT_EQ(value_of_probe("http", ask({{"json", "/t"}})), value(1.0));
    EXPECT_EQ(value_of_probe("http", ask({{"json", "/a"}})), value(id_list{"1", "b", ""}));
    EXPECT_EQ(value_of_probe("http", ask({{"json", "/a/2"}})), value(""));
    EXPECT_EQ(std::get<std::string>(value_of_probe("http", ask({{"of", "body"}}))).front(), '{');
    EXPECT_LT(std::get<double>(value_of_probe("http", ask({{"of", "time"}}))), 3);
    EXPECT_NE(problem_of("http", ask({{"json", "/zz"}})).find("has nothing at '/zz'"),
              std::string::npos);
    EXPECT_NE(problem_of("http", ask({{"json", "/a/x"}})).find("has nothing at"),
              std::string::npos);
    EXPECT_NE(problem_of("http", ask({{"of", "body"}, {"expect_status", 200}})).find("status 201"),
              std::string::npos);
}

TEST(http_probe, is_not_ok_where_nobody_answers)
{
    dead_port const dead;
    EXPECT_EQ(value_of_probe("http", {{"url", dead.address()}}), value(0.0));
    scripted_peer const silent_peer(scripted_peer::be_silent);
    auto const made = make_probe("http", {{"url", silent_peer.address()}});
    EXPECT_EQ(value_of_look(**made, 200ms), value(0.0));
    scripted_peer const half(
        scripted_peer::answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na"));
    EXPECT_EQ(value_of_probe("http", {{"url", half.address()}}), value(0.0));
}

TEST(http_probe, sends_what_it_was_told_to)
{
    std::mutex mutex;
    std::string heard;
    scripted_peer const peer([&](int connection, std::stop_token const&) {
        auto text = scripted_peer::hear(connection);
        scripted_peer::say(connection, http_text("[]"));
        std::lock_guard const lock(mutex);
        heard = std::move(text);
    });
    auto const sent = [&](json fields) {
        fields["url"] = "http://" + peer.address() + (fields.contains("body") ? "" : "/a%20b?c=d");
        value_of_probe("http", fields);
        // It wrote that down before it closed, but maybe after we had the answer.
        auto const until = std::chrono::steady_clock::now() + 10s;
        while (std::chrono::steady_clock::now() < until) {
            std::lock_guard const lock(mutex);
            if (!heard.empty())
                return std::exchange(heard, {});
        }
        return std::string();
    };
    auto const first = sent({{"headers", {{"X-Key", "1"}, {"Content-Type", "text/plain"}}}});
    EXPECT_EQ(first.find("GET /a%20b?c=d HTTP/1.1\r\nHost: " + peer.address() + "\r\n"), 0u)
        << first;
    EXPECT_NE(first.find("\r\nX-Key: 1\r\n"), std::string::npos) << first;
    EXPECT_NE(first.find("\r\nContent-Type: text/plain\r\n"), std::string::npos) << first;
    auto const second = sent({{"body", "{}"}});
    EXPECT_EQ(second.find("POST / HTTP/1.1\r\n"), 0u) << second;
    EXPECT_NE(second.find("\r\nContent-Length: 2\r\n"), std::string::npos) << second;
}

TEST(prometheus_probe, adds_up_what_fits)
{
    scripted_peer const peer(scripted_peer::answering(
        http_text("a{x=\"1\",y=\"1\"} 1\na{x=\"1\",y=\"2\"} 2\na{x=\"2\"} 4\nnan NaN\n"
                  "h_bucket{le=\"0.1\",x=\"1\"} 5\nh_bucket{le=\"+Inf\",x=\"1\"} 5\n"
                  "h_bucket{le=\"0.1\",x=\"2\"} 0\nh_bucket{le=\"1\",x=\"2\"} 5\n"
                  "h_bucket{le=\"+Inf\",x=\"2\"} 5\n")));
    auto const ask = [&](json more) {
        more["url"] = "http://" + peer.address() + "/metrics";
        return more;
    };
    EXPECT_EQ(value_of_probe("prometheus", ask({{"metric", "a"}})), value(7.0));
    EXPECT_EQ(value_of_probe("prometheus", ask({{"metric", "a"}, {"labels", {{"x", "1"}}}})),
              value(3.0));
    EXPECT_EQ(
        value_of_probe("prometheus", ask({{"metric", "a"}, {"labels", {{"x", "1"}, {"y", 2}}}})),
        value(2.0));
    EXPECT_DOUBLE_EQ(
        std::get<double>(value_of_probe(
            "prometheus", ask({{"metric", "h"}, {"labels", {{"x", "2"}}}, {"quantile", 0.5}}))),
        0.55);
    EXPECT_NE(problem_of("prometheus", ask({{"metric", "a"}, {"labels", {{"x", "3"}}}}))
                  .find("a{x=\"3\"}: there is no such series"),
              std::string::npos);
    EXPECT_NE(problem_of("prometheus", ask({{"metric", "nan"}})).find("NaN"), std::string::npos);
    EXPECT_NE(problem_of("prometheus", ask({{"metric", "a"}, {"quantile", 0.5}})), "");
}

TEST(prometheus_probe, takes_one_number_from_a_query)
{
    auto const from = [](std::string const& body, std::string const& status = "200 OK") {
        scripted_peer const peer(scripted_peer::answering(http_text(body, status)));
        json const fields = {{"url", "http://" + peer.address() + "/prom/"}, {"query", "sum(x)"}};
        auto const seen = (*make_probe("prometheus", fields))->look(5s);
        return seen ? to_text(*seen) : seen.error().text;
    };
    auto const data = [](std::string const& type, std::string const& result) {
        return R"({"status":"success","data":{"resultType":")" + type + R"(","result":)" + result +
               "}}";
    };
    EXPECT_EQ(from(data("vector", R"([{"metric":{},"value":[1.5,"12"]}])")), "12");
    EXPECT_EQ(from(data("scalar", R"([1.5,"0.25"])")), "0.25");
    EXPECT_EQ(from(data("string", R"([1.5,"abc"])")), "abc");
    EXPECT_NE(from(data("vector", "[]")).find("finds no series"), std::string::npos);
    EXPECT_NE(from(data("vector", R"([{"value":[1,"1"]},{"value":[1,"2"]}])")).find("2 series"),
              std::string::npos);
    EXPECT_NE(from(data("matrix", "[]")).find("gives a matrix"), std::string::npos);
    EXPECT_NE(from(data("vector", R"([{"value":[1,"NaN"]}])")).find("NaN"), std::string::npos);
    EXPECT_NE(from(R"({"status":"error","error":"parse error"})", "400 Bad").find("parse error"),
              std::string::npos);
    for (auto const* bad :
         {"", "[]", "null", "{}", "{\"status\":\"success\"}", "<html>",
          R"({"status":"success","data":{"resultType":"vector","result":{}}})",
          R"({"status":"success","data":{"resultType":"vector","result":[7]}})",
          R"({"status":"success","data":{"resultType":"scalar","result":[1,2]}})"})
        EXPECT_NE(from(bad).find("127.0.0.1"), std::string::npos) << bad;
}

TEST(proxy_probe, says_what_is_no_aconite)
{
    scripted_peer const peer(
        scripted_peer::answering(http_text("404 page not found\n", "404 Not Found")));
    surroundings where;
    where.servers[""].url = "http://" + peer.address();
    EXPECT_NE(problem_of("proxy", {{"proxy", "a"}}, where).find("it is no aconite"),
              std::string::npos);
}

TEST(addresses, are_read_whole_or_not_at_all)
{
    EXPECT_EQ(to_text(*read_host_port("[::1]:80")), "[::1]:80");
    EXPECT_EQ(to_text(*read_host_port("a", "7")), "a:7");
    for (auto const* bad : {"", ":80", "a", "a:", "a:0", "a:65536", "a:8x", "[::1:80", "[::1]80",
                            "a b:80", "a:80:90", "::1"})
        EXPECT_FALSE(read_host_port(bad)) << bad;
}

}  // namespace
}  // namespace aconite::experiment::probe_kit
