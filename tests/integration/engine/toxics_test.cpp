// Toxics on real sockets: what both sides see, and what live changes must not do.
#include "tests/integration/engine/engine_fixture.hpp"

#include <atomic>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

TEST(toxics, latency_delays_live_connections_and_stops_when_removed)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket client(p.listen);
    auto const round_trip = [&] {
        return time_of([&] {
            client.send("ping");
            EXPECT_EQ(client.receive(4), "ping");
        });
    };
    round_trip();
    p.add("latency", stream::downstream, {{"latency", 200}});
    EXPECT_GE(round_trip(), 200ms);
    p.engine.remove_toxic("p", "latency_downstream").value();
    EXPECT_LT(round_trip(), 150ms);
}

TEST(toxics, are_listed_by_stream_and_with_one_on_both_in_their_order)
{
    proxied p("127.0.0.1:1");
    auto const names = [&] {
        std::string all;
        for (auto const& each : p.engine.proxy("p").value().toxics)
            all += each.name + " ";
        return all;
    };
    p.add("latency", stream::downstream, {});
    p.add("latency", stream::upstream, {});
    EXPECT_EQ(names(), "latency_upstream latency_downstream ");
    p.add("slicer", stream::both, {{"average_size", 10}});
    p.add("noop", stream::upstream, {});
    EXPECT_EQ(names(), "latency_downstream latency_upstream slicer_both noop_upstream ");
    p.engine.remove_toxic("p", "slicer_both").value();
    EXPECT_EQ(names(), "latency_upstream noop_upstream latency_downstream ");
}

TEST(toxics, reset_peer_resets_both_sides)
{
    std::atomic<bool> server_saw_reset = false;
    upstream_server const server([&](client_socket peer) { server_saw_reset = peer.sees_reset(); });
    proxied p(server.address());
    client_socket client(p.listen);
    p.add("reset_peer", stream::upstream, {{"timeout", 10}});

    client.send("x");

    EXPECT_TRUE(client.sees_reset());
    EXPECT_TRUE(eventually([&] { return server_saw_reset.load(); }));
}

TEST(toxics, reset_peer_does_not_wait_for_a_receiver_that_does_not_read)
{
    upstream_server const server([](client_socket peer) {
        std::string const block(1 << 20, 'x');
        for (int i = 0; i < 64; ++i)
            peer.send(block);
    });
    proxied p(server.address());
    client_socket client(p.listen);
    std::uint64_t const more_than_fits = 8 << 20;
    p.add("latency", stream::downstream, {{"latency", 1}});
    ASSERT_TRUE(eventually(
        [&] { return p.engine.stats().proxies.at(0).streams[1].received_bytes > more_than_fits; }));

    p.add("reset_peer", stream::downstream, {{"timeout", 10}});

    EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
}

TEST(toxics, reset_peer_leaves_a_connection_that_lost_the_draw_alone)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("reset_peer", stream::upstream, {{"timeout", 0}}, 0);
    client_socket client(p.listen);
    client.send("x");
    EXPECT_EQ(client.receive(1), "x");
    p.engine.remove_toxic("p", "reset_peer_upstream").value();
    client.shut_write();
    EXPECT_EQ(client.receive_all(), "");  // FIN, not RST
}

TEST(toxics, timeout_closes_after_its_time_however_much_is_sent)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("timeout", stream::upstream, {{"timeout", 300}});
    client_socket client(p.listen);
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        try {
            while (!stop)
                client.send("x");
        } catch (std::system_error const&) {
            // closed: what the test is about
        }
    });

    auto const waited = time_of([&] {
        try {
            EXPECT_EQ(client.receive_all(), "");
        } catch (std::system_error const& error) {
            EXPECT_EQ(error.code().value(), ECONNRESET);  // it was still sending
        }
    });
    stop = true;
    writer.join();

    EXPECT_GE(waited, 290ms);
    EXPECT_LT(waited, 5s);
}

TEST(toxics, removing_timeout_zero_closes_only_what_it_held)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket client(p.listen);
    client.send("a");
    EXPECT_EQ(client.receive(1), "a");
    p.add("timeout", stream::upstream, {{"timeout", 0}}, 0);
    p.engine.remove_toxic("p", "timeout_upstream").value();
    client.send("b");
    EXPECT_EQ(client.receive(1), "b");

    p.add("timeout", stream::upstream, {{"timeout", 0}});
    p.engine.reset().value();
    EXPECT_EQ(client.receive_all(), "");
}

TEST(toxics, limit_data_passes_exactly_its_bytes)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("limit_data", stream::downstream, {{"bytes", 100'000}});
    client_socket client(p.listen);
    auto const sent = pattern(300'000);
    std::thread writer([&] {
        try {
            client.send(sent);
        } catch (std::system_error const&) {
            // the connection closes under it
        }
    });
    std::string got;
    try {
        while (got.size() < 100'000)
            got += client.receive(1);
    } catch (std::system_error const&) {
        // fewer bytes than the limit fail below
    }
    writer.join();
    EXPECT_TRUE(got == sent.substr(0, 100'000));
}

TEST(toxics, bandwidth_zero_holds_everything_and_loses_nothing)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket client(p.listen);
    p.add("bandwidth", stream::downstream, {{"rate", 0}});
    auto const sent = pattern(1 << 20);
    std::thread writer([&] { client.send(sent); });
    ASSERT_TRUE(
        eventually([&] { return p.engine.stats().proxies.at(0).streams[1].received_bytes > 0; }));
    EXPECT_EQ(p.engine.stats().proxies.at(0).streams[1].sent_bytes, 0U);
    p.engine.remove_toxic("p", "bandwidth_downstream").value();
    EXPECT_TRUE(client.receive(sent.size()) == sent);
    writer.join();
}

TEST(toxics, stall_holds_data_and_the_end_until_it_heals)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket client(p.listen);
    auto const sent = pattern(200'000);
    client.send("x");
    EXPECT_EQ(client.receive(1), "x");
    auto const took = time_of([&] {
        p.add("stall", stream::downstream, {{"duration", 300}});
        std::thread writer([&] {
            client.send(sent);
            client.shut_write();
        });
        EXPECT_TRUE(client.receive_all() == sent);
        writer.join();
    });
    EXPECT_GE(took, 295ms);
}

TEST(toxics, limit_time_ends_a_silent_connection_as_asked)
{
    upstream_server const server(echo);
    for (auto const* how : {"fin", "rst"}) {
        proxied p(server.address());
        client_socket client(p.listen);
        client.send("x");
        EXPECT_EQ(client.receive(1), "x");
        p.add("limit_time", stream::downstream, {{"time", 100}, {"close", how}});
        EXPECT_EQ(client.sees_reset(), how == std::string("rst"));
    }
}

TEST(toxics, loss_leaves_a_stream_whole)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("loss", stream::downstream, {{"rate", 0.02}, {"burst", 3}, {"rto_min", 5}});
    p.add("loss", stream::upstream, {{"rate", 0.02}, {"rto_min", 5}});
    client_socket client(p.listen);
    auto const sent = pattern(1 << 20);
    std::thread writer([&] {
        client.send(sent);
        client.shut_write();
    });
    EXPECT_TRUE(client.receive_all() == sent);
    writer.join();
}

TEST(toxics, packet_loss_leaves_a_stream_whole)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.seed = 3});
    p.add("packet_loss", stream::downstream, {{"loss_rate", 0.02}, {"correlation", 0.1}});
    client_socket client(p.listen);
    auto const sent = pattern(300'000);
    std::thread writer([&] {
        client.send(sent);
        client.shut_write();
    });
    EXPECT_TRUE(client.receive_all() == sent);
    writer.join();
}

TEST(toxics, loss_of_everything_heals)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket client(p.listen);
    p.add("loss", stream::downstream, {{"rate", 1}});
    auto const sent = pattern(100'000);
    client.send(sent);
    ASSERT_TRUE(eventually(
        [&] { return p.engine.stats().proxies.at(0).streams[1].received_bytes == sent.size(); }));
    EXPECT_EQ(p.engine.stats().proxies.at(0).streams[1].sent_bytes, 0U);
    p.engine.remove_toxic("p", "loss_downstream").value();
    EXPECT_TRUE(client.receive(sent.size()) == sent);
}

TEST(toxics, corrupt_changes_bits_but_no_lengths)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.seed = 5});
    p.add("corrupt", stream::downstream, {{"rate", 0.01}});
    client_socket client(p.listen);
    auto const sent = pattern(100'000);
    std::thread writer([&] { client.send(sent); });
    auto const got = client.receive(sent.size());
    writer.join();
    int wrong = 0;
    for (std::size_t i = 0; i < sent.size(); ++i)
        wrong += got[i] != sent[i] ? 1 : 0;
    EXPECT_NEAR(wrong, 1000, 200);
}

TEST(toxics, a_change_returns_and_loses_nothing_while_the_receiver_stalls)
{
    auto const said = pattern(24 << 20);
    upstream_server const server([&](client_socket peer) { peer.send(said); });
    proxied p(server.address());
    p.add("latency", stream::downstream, {{"latency", 20}});
    client_socket client(p.listen);
    ASSERT_TRUE(eventually(
        [&] { return p.engine.stats().proxies.at(0).streams[1].received_bytes > (4U << 20); }));

    EXPECT_LT(time_of([&] {
                  p.engine.update_toxic("p", "latency_downstream", {{}, {{"latency", 30}}}).value();
                  p.engine.remove_toxic("p", "latency_downstream").value();
                  (void)p.engine.proxies();
              }),
              2s);
    EXPECT_TRUE(client.receive_all() == said);
}

TEST(toxics, are_in_force_before_the_first_accept)
{
    upstream_server const server(echo);
    engine e;
    auto const made = e.create({"p",
                                "127.0.0.1:0",
                                server.address(),
                                true,
                                {{"", "latency", stream::downstream, 1, {{"latency", 200}}}}});
    client_socket client(made.value().listen);
    EXPECT_GE(time_of([&] {
                  client.send("x");
                  client.receive(1);
              }),
              200ms);
}

/// Which of 40 connections a toxicity of one half hits.
std::set<int> connections_hit(std::uint64_t seed, unsigned shards)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = shards, .seed = seed});
    p.add("limit_data", stream::upstream, {{"bytes", 0}}, 0.5F);
    std::set<int> hit;
    for (int i = 0; i < 40; ++i) {
        client_socket client(p.listen);
        // Another toxic's edits must not draw again.
        p.add("latency", stream::upstream, {{"latency", 1}});
        client.send("x");
        if (client.receive(1).empty())
            hit.insert(i);
        p.engine.remove_toxic("p", "latency_upstream").value();
    }
    return hit;
}

TEST(toxics, hit_the_same_connections_for_the_same_seed)
{
    auto const first = connections_hit(42, 1);
    EXPECT_GT(first.size(), 5U);
    EXPECT_LT(first.size(), 35U);
    EXPECT_EQ(connections_hit(42, 4), first);
    EXPECT_NE(connections_hit(43, 1), first);
}

TEST(toxics, changed_all_the_time_lose_and_reorder_nothing)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 2});
    auto const sent = pattern(2 << 20);
    std::atomic<int> running = 8;
    std::vector<std::thread> clients;
    std::atomic<int> intact = 0;
    for (int i = 0; i < 8; ++i) {
        clients.emplace_back([&] {
            client_socket client(p.listen);
            std::thread writer([&] {
                client.send(sent);
                client.shut_write();
            });
            intact += client.receive_all() == sent ? 1 : 0;
            writer.join();
            --running;
        });
    }
    std::mt19937 random(7);
    while (running > 0) {
        auto const direction = random() % 2 == 0 ? stream::upstream : stream::downstream;
        switch (random() % 6) {
        case 0:
            (void)p.engine.add_toxic("p", {"", "latency", direction, 1, {{"latency", 5}}});
            break;
        case 1:
            (void)p.engine.add_toxic("p", {"", "bandwidth", direction, 0.7F, {{"rate", 50'000}}});
            break;
        case 2:
            (void)p.engine.add_toxic(
                "p", {"",
                      "slicer",
                      direction,
                      1,
                      {{"average_size", 3000}, {"size_variation", 1000}, {"delay", 10}}});
            break;
        case 3:
            (void)p.engine.add_toxic("p", {"", "slow_close", direction, 1, {{"delay", 20}}});
            break;
        case 4:
            (void)p.engine.update_toxic("p", "latency_downstream", {{}, {{"jitter", 4}}});
            break;
        default:
            (void)p.engine.reset();
            break;
        }
    }
    for (auto& each : clients)
        each.join();
    EXPECT_EQ(intact, 8);
}

}  // namespace
}  // namespace aconite::testing
