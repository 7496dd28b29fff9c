// What the engine tells of real connections.
#include "tests/integration/engine/engine_fixture.hpp"

#include <algorithm>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

std::vector<journal_record> records(engine const& of, record_kind kind)
{
    journal_query wanted;
    wanted.kinds = static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
    return of.read_journal(wanted)->records;
}

/// The first record of that kind, once there is one.
journal_record first(engine const& of, record_kind kind)
{
    EXPECT_TRUE(eventually([&] { return !records(of, kind).empty(); })) << to_text(kind);
    return records(of, kind).at(0);
}

toxic_stats stats_of(proxied const& p, std::string_view toxic)
{
    auto const all = p.engine.stats("p").value().toxics;
    return *std::ranges::find(all, toxic, &toxic_stats::name);
}

TEST(journal, tells_a_connection_from_open_to_close)
{
    upstream_server const server(echo);
    proxied p(server.address());
    {
        client_socket client(p.listen);
        client.send("hello");
        EXPECT_EQ(client.receive(5), "hello");
        client.shut_write();
        EXPECT_EQ(client.receive_all(), "");
    }
    auto const opened = first(p.engine, record_kind::open);
    EXPECT_EQ(opened.proxy, "p");
    EXPECT_EQ(opened.ordinal, 0U);
    EXPECT_TRUE(opened.client.starts_with("127.0.0.1:")) << opened.client;
    auto const closed = first(p.engine, record_kind::close);
    EXPECT_EQ(closed.connection, opened.connection);
    EXPECT_EQ(closed.by, ended_by::client);
    EXPECT_EQ(closed.end, ending::half_close);
    EXPECT_EQ(closed.received_bytes[0], 5U);
    EXPECT_EQ(closed.received_bytes[1], 5U);
    EXPECT_GT(closed.took, duration::zero());
    auto const stats = p.engine.stats("p").value();
    EXPECT_EQ(stats.connections_total, 1U);
    EXPECT_EQ(stats.connections_open, 0U);
    EXPECT_EQ(stats.dials.count(), 1U);
}

TEST(journal, tells_who_reset_a_connection)
{
    upstream_server const server([](client_socket peer) {
        (void)peer.receive(1);
        peer.reset();
    });
    proxied p(server.address());
    client_socket client(p.listen);
    client.send("x");
    auto const closed = first(p.engine, record_kind::close);
    EXPECT_EQ(closed.by, ended_by::upstream);
    EXPECT_EQ(closed.end, ending::reset);
}

TEST(journal, tells_of_a_client_that_resets)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket client(p.listen);
    client.send("x");
    EXPECT_EQ(client.receive(1), "x");
    client.reset();
    auto const closed = first(p.engine, record_kind::close);
    EXPECT_EQ(closed.by, ended_by::client);
    EXPECT_EQ(closed.end, ending::reset);
}

TEST(journal, tells_which_toxic_cut_a_connection)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("limit_data", stream::downstream, {{"bytes", 3}});
    client_socket client(p.listen);
    client.send("hello");
    EXPECT_EQ(client.receive_all(), "hel");
    auto const closed = first(p.engine, record_kind::close);
    EXPECT_EQ(closed.by, ended_by::toxic);
    EXPECT_EQ(closed.toxic, "limit_data_downstream");
    EXPECT_EQ(closed.end, ending::close);
}

TEST(journal, tells_that_the_proxy_was_taken_away)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket client(p.listen);
    client.send("x");
    EXPECT_EQ(client.receive(1), "x");
    p.engine.remove("p").value();
    EXPECT_EQ(first(p.engine, record_kind::close).by, ended_by::proxy);
    EXPECT_EQ(first(p.engine, record_kind::close).proxy, "p");
}

TEST(journal, tells_why_a_dial_failed)
{
    proxied p("127.0.0.1:1");
    client_socket client(p.listen);
    EXPECT_EQ(client.receive_all(), "");
    auto const failed = first(p.engine, record_kind::dial_failed);
    EXPECT_NE(failed.text.find("refused"), failed.text.npos) << failed.text;
    EXPECT_EQ(p.engine.stats("p").value().dial_errors, 1U);
    EXPECT_TRUE(records(p.engine, record_kind::open).empty());
}

TEST(journal, tells_each_hit_and_the_stats_agree)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 4});
    p.add("latency", stream::downstream, {{"latency", 20}});
    for (int i = 0; i < 3; ++i) {
        client_socket client(p.listen);
        client.send("hello");
        EXPECT_EQ(client.receive(5), "hello");
    }
    auto const hits = records(p.engine, record_kind::hit);
    ASSERT_EQ(hits.size(), 3U);
    for (std::uint64_t i = 0; i < 3; ++i) {
        EXPECT_EQ(hits[i].ordinal, i);
        EXPECT_EQ(hits[i].toxic, "latency_downstream");
        EXPECT_EQ(hits[i].delay, 20ms);
        EXPECT_EQ(hits[i].bytes, 5U);
    }
    auto const stats = stats_of(p, "latency_downstream");
    EXPECT_EQ(stats.hits, 3U);
    EXPECT_EQ(stats.connections, 3U);
    EXPECT_EQ(stats.bytes, 15U);
    EXPECT_EQ(stats.added_delay.sum, 60ms);
    EXPECT_LT(*stats.first_hit, *stats.last_hit);
}

TEST(journal, counts_what_a_paced_stream_carries)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("bandwidth", stream::downstream, {{"rate", 200'000}});  // which is kept without a toxic
    client_socket client(p.listen);
    auto const sent = pattern(100'000);
    client.send(sent);
    EXPECT_EQ(client.receive(sent.size()), sent);
    auto const stats = stats_of(p, "bandwidth_downstream");
    EXPECT_EQ(stats.hits, 1U);
    EXPECT_EQ(stats.connections, 1U);
    EXPECT_EQ(stats.bytes, sent.size());
    EXPECT_EQ(records(p.engine, record_kind::hit).size(), 1U);
}

TEST(journal, tells_of_connections_that_are_turned_away)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("accept", stream::upstream, {{"mode", "reset"}});
    for (int i = 0; i < 3; ++i) {
        try {
            client_socket client(p.listen);
            (void)client.receive_all();
        } catch (std::system_error const&) {  // which is the point
        }
    }
    ASSERT_TRUE(eventually([&] { return records(p.engine, record_kind::hit).size() == 3; }));
    auto const hit = records(p.engine, record_kind::hit)[2];
    EXPECT_EQ(hit.ordinal, 2U);
    EXPECT_EQ(hit.end, ending::reset);
    auto const stats = p.engine.stats("p").value();
    EXPECT_EQ(stats.refused, 3U);
    EXPECT_EQ(stats.connections_total, 3U);
    EXPECT_EQ(stats.toxics.at(0).connections, 3U);
}

TEST(journal, tells_that_the_door_was_shut)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("accept", stream::upstream, {{"mode", "refuse"}});
    EXPECT_EQ(first(p.engine, record_kind::hit).toxic, "accept_upstream");
    EXPECT_EQ(stats_of(p, "accept_upstream").hits, 1U);
}

TEST(journal, tells_what_was_changed)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.seed = 77});
    p.add("latency", stream::downstream, {{"latency", 20}});
    p.engine.update_toxic("p", "latency_downstream", {{}, {{"latency", 30}}}).value();
    p.engine.remove_toxic("p", "latency_downstream").value();
    p.engine.mark("the end").value();
    std::vector<std::string> seen;
    for (auto const& each : records(p.engine, record_kind::control))
        seen.push_back(each.text + " " + each.toxic);
    EXPECT_EQ(seen, (std::vector<std::string>{
                        "proxy created ", "proxy started ", "toxic added latency_downstream",
                        "toxic updated latency_downstream", "toxic removed latency_downstream"}));
    EXPECT_EQ(records(p.engine, record_kind::control)[2].config.value().aim.seed, 77U);
    EXPECT_EQ(records(p.engine, record_kind::mark).at(0).text, "the end");
}

TEST(journal, remembers_what_a_removed_toxic_did)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("latency", stream::downstream, {{"latency", 1}});
    client_socket client(p.listen);
    client.send("x");
    EXPECT_EQ(client.receive(1), "x");
    p.engine.remove_toxic("p", "latency_downstream").value();
    EXPECT_TRUE(stats_of(p, "latency_downstream").removed);
    EXPECT_EQ(stats_of(p, "latency_downstream").hits, 1U);
    for (int i = 0; i < 200; ++i) {
        p.add("noop", stream::downstream, {});
        p.engine.remove_toxic("p", "noop_downstream").value();
    }
    EXPECT_EQ(p.engine.stats("p").value().toxics.size(), 100U);
}

TEST(journal, takes_marks_of_a_bounded_size)
{
    engine of;
    EXPECT_EQ(of.mark("").error().status, 400);
    EXPECT_EQ(of.mark(std::string(1'001, 'x')).error().status, 400);
    EXPECT_TRUE(of.mark(std::string(1'000, 'x')));
}

}  // namespace
}  // namespace aconite::testing
