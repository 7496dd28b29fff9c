#include "clients/experiment/report/push.hpp"

#include "clients/experiment/report/gauges.hpp"

#include "tests/experiments/unit/report_sample.hpp"
#include "tests/support/sockets.hpp"

#include <gtest/gtest.h>

#include <set>

namespace aconite::experiment {
namespace {

using testing::client_socket;
using testing::upstream_server;

/// Reads one request, whole.
std::string request_from(client_socket& peer)
{
    std::string text;
    while (!text.ends_with("\r\n\r\n"))
        text += peer.receive(1);
    auto const at = text.find("Content-Length: ");
    auto const bytes = at == std::string::npos ? 0 : std::stoul(text.substr(at + 16));
    return text + peer.receive(bytes);
}

void answer_with(client_socket& peer, std::string const& status, std::string const& body)
{
    peer.send("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
}

json const* metric_named(json const& body, std::string const& name)
{
    for (auto const& each : body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"])
        if (each["name"] == name)
            return &each;
    return nullptr;
}

TEST(report_push, makes_gauges_of_opentelemetry_at_their_times)
{
    auto const body = json::parse(otlp_body(sample_report()));
    auto const* const verdict = metric_named(body, "aconite.experiment.verdict");
    ASSERT_NE(verdict, nullptr);
    double sum = 0;
    for (auto const& each : (*verdict)["gauge"]["dataPoints"])
        sum += each["asDouble"].get<double>();
    EXPECT_EQ(sum, 1.0);
    auto const* const probe = metric_named(body, "aconite.experiment.probe.value");
    ASSERT_NE(probe, nullptr);
    auto const& first = (*probe)["gauge"]["dataPoints"][0];
    // 2026-11-30T10:15:14.25Z and 5 s before it.
    EXPECT_EQ(first["timeUnixNano"], "1796033709250000000");
    EXPECT_EQ(first["attributes"][0],
              (json{{"key", "experiment"}, {"value", {{"stringValue", "Lost event"}}}}));
    auto const& resource = body["resourceMetrics"][0]["resource"]["attributes"];
    EXPECT_EQ(resource[3],
              (json{{"key", "run"}, {"value", {{"stringValue", "lost-event-20261130T101514Z"}}}}));
}

TEST(report_push, makes_one_line_for_each_set_of_labels)
{
    auto report = sample_report();
    report["name"] = "a \"b\"\\\nc";
    report["probes"][0]["name"] = "x\"y\\z\nw";
    auto const text = pushgateway_body(report);
    std::set<std::string> seen;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#'))
            continue;
        EXPECT_TRUE(seen.insert(line.substr(0, line.rfind(' '))).second) << line;
        EXPECT_TRUE(line.starts_with("aconite_experiment_")) << line;
    }
    EXPECT_GT(seen.size(), 30u);
    EXPECT_NE(text.find("probe=\"x\\\"y\\\\z\\\\nw\"} 1300\n"), std::string::npos);
    EXPECT_EQ(pushgateway_path(report, "nightly run"),
              "/metrics/job/nightly%20run/experiment/a-b-c");
}

TEST(report_push, sends_where_it_is_told)
{
    std::string otlp;
    std::string put;
    {
        upstream_server const collector([&](client_socket peer) {
            otlp = request_from(peer);
            answer_with(peer, "200 OK", "{}");
        });
        EXPECT_TRUE(push_otlp(sample_report(), "http://" + collector.address() + "/v1/metrics"));
        upstream_server const gateway([&](client_socket peer) {
            put = request_from(peer);
            answer_with(peer, "200 OK", "");
        });
        EXPECT_TRUE(push_prometheus(sample_report(), "http://" + gateway.address(), "ci"));
    }
    EXPECT_TRUE(otlp.starts_with("POST /v1/metrics HTTP/1.1\r\n")) << otlp.substr(0, 80);
    EXPECT_NE(otlp.find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_TRUE(put.starts_with("PUT /metrics/job/ci/experiment/lost-event HTTP/1.1\r\n"));
    EXPECT_NE(put.find("Content-Type: text/plain; version=0.0.4"), std::string::npos) << put;
    EXPECT_TRUE(put.ends_with(pushgateway_body(sample_report())));
}

TEST(report_push, tells_who_refused_and_why)
{
    upstream_server const refusing([](client_socket peer) {
        request_from(peer);
        answer_with(peer, "400 Bad Request", "no\x1b such metric\n");
    });
    auto const refused = push_otlp(sample_report(), "http://" + refusing.address());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text,
              "the OpenTelemetry collector at http://" + refusing.address() +
                  " refused the numbers with HTTP 400: no\\x1b such metric\\n");
    upstream_server const dying([](client_socket peer) { request_from(peer); });
    auto const cut = push_prometheus(sample_report(), dying.address());
    ASSERT_FALSE(cut);
    EXPECT_NE(cut.error().text.find(dying.address()), std::string::npos) << cut.error().text;
    EXPECT_NE(cut.error().text.find("the connection was closed"), std::string::npos);
    upstream_server const silent([](client_socket peer) { peer.receive_all(); });
    client::ask_settings hurry;
    hurry.answer = std::chrono::milliseconds(200);
    auto const late = push_otlp(sample_report(), silent.address(), hurry);
    ASSERT_FALSE(late);
    EXPECT_NE(late.error().text.find("no answer within 200 ms"), std::string::npos);
    EXPECT_FALSE(push_otlp(sample_report(), "ftp://x"));
    EXPECT_FALSE(push_prometheus(sample_report(), silent.address(), "a/b"));
}

TEST(report_push, reads_times_of_utc)
{
    EXPECT_EQ(epoch_nanoseconds("1970-01-01T00:00:01Z"), 1'000'000'000);
    EXPECT_EQ(epoch_nanoseconds("2026-11-30T10:15:14.25Z"), 1'796'033'714'250'000'000);
    for (auto const* bad : {"", "Z", "2026-11-30", "2026-13-30T10:15:14Z", "2026-11-30T10:15:14",
                            "9999-01-01T00:00:00Z", "20x6-11-30T10:15:14Z"})
        EXPECT_EQ(epoch_nanoseconds(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace aconite::experiment
