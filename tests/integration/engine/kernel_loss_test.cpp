// The toxic `loss` where the kernel drops the segments, and where it may not.
#include "tests/integration/engine/engine_fixture.hpp"
#include "tests/support/kernel_loss.hpp"

#include "proxy/forwarding/drop_filter.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <deque>
#include <future>
#include <mutex>

namespace aconite::testing {
namespace {

class kernel_loss : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (auto const error = drop_filter::probe())
            GTEST_SKIP() << "needs CAP_NET_ADMIN: errno " << error;
    }
};

attribute_list kernel_at(double rate)
{
    return {{"mode", "kernel"}, {"rate", rate}};
}

void wait_until_sent_again(client_socket const& peer)
{
    ASSERT_TRUE(eventually([&] { return told_of(peer.fd()).tcpi_total_retrans >= 2; }));
    EXPECT_GT(told_of(peer.fd()).tcpi_unacked, 0U);
}

TEST_F(kernel_loss, of_everything_heals_however_it_ends)
{
    using change = void (*)(engine&);
    change const ends[] = {
        [](engine& e) { e.remove_toxic("p", "loss_upstream").value(); },
        [](engine& e) {
            e.update_toxic("p", "loss_upstream", {{}, {{"rate", 0}}}).value();
        },
        [](engine& e) {
            e.update_toxic("p", "loss_upstream", {0.0F, {}}).value();
        },
        [](engine& e) {
            e.update_toxic("p", "loss_upstream", {{}, {{"mode", "retransmit"}, {"rate", 0}}})
                .value();
        },
        [](engine& e) { e.reset().value(); },
    };
    upstream_server const server(echo);
    std::deque<proxied> proxies;
    std::deque<client_socket> clients;
    for (std::size_t i = 0; i < std::size(ends); ++i) {
        auto& p = proxies.emplace_back(server.address(), engine_config{.shards = 1});
        auto& client = clients.emplace_back(p.listen);
        client.send("a");
        EXPECT_EQ(client.receive(1), "a");
        p.add("loss", stream::upstream, kernel_at(1));
        client.send("b");
    }
    for (std::size_t i = 0; i < std::size(ends); ++i) {
        wait_until_sent_again(clients[i]);
        EXPECT_EQ(proxies[i].engine.connections().at(0).received_bytes[0], 1U);
        ends[i](proxies[i].engine);
    }
    for (auto& each : clients)
        EXPECT_EQ(each.receive(1), "b");
}

TEST_F(kernel_loss, downstream_is_the_servers_to_send_again)
{
    std::promise<void> removed;
    upstream_server const server([&](client_socket peer) {
        peer.receive(1);
        peer.send("late");
        wait_until_sent_again(peer);
        removed.set_value();
        peer.receive_all();
    });
    proxied p(server.address(), {.shards = 1});
    client_socket client(p.listen);
    ASSERT_TRUE(eventually([&] {
        auto const connections = p.engine.connections();
        return !connections.empty() && !connections[0].upstream.empty();
    }));
    p.add("loss", stream::downstream, kernel_at(1));
    client.send("x");
    removed.get_future().wait();
    EXPECT_EQ(p.engine.connections().at(0).received_bytes[1], 0U);
    p.engine.remove_toxic("p", "loss_downstream").value();
    EXPECT_EQ(client.receive(4), "late");
}

TEST_F(kernel_loss, counts_a_connection_once_at_whatever_rate)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 1});
    client_socket client(p.listen);
    client.send("a");
    EXPECT_EQ(client.receive(1), "a");
    p.add("loss", stream::upstream, kernel_at(1));
    client.send("b");
    for (double const rate : {0.999, 0.0}) {
        auto const resent = told_of(client.fd()).tcpi_total_retrans;
        ASSERT_TRUE(
            eventually([&] { return told_of(client.fd()).tcpi_total_retrans >= resent + 2; }));
        p.engine.update_toxic("p", "loss_upstream", {{}, {{"rate", rate}}}).value();
    }
    EXPECT_EQ(client.receive(1), "b");
    auto const stats = p.engine.stats("p").value().toxics.at(0);
    EXPECT_GE(stats.hits, 3U);
    EXPECT_EQ(stats.connections, 1U);
}

TEST_F(kernel_loss, of_several_toxics_comes_together)
{
    upstream_server const server([](client_socket peer) { peer.receive_all(); });
    proxied p(server.address(), {.shards = 1});
    for (auto const* name : {"one", "two"})
        p.engine.add_toxic("p", {name, "loss", stream::upstream, 1, kernel_at(0.5)}).value();
    std::deque<client_socket> clients;
    constexpr std::size_t count = 200;
    while (clients.size() < count)
        clients.emplace_back(p.listen);
    ASSERT_TRUE(eventually([&] {
        auto const all = p.engine.connections();
        return std::ranges::count_if(all, [](auto const& c) { return !c.upstream.empty(); }) ==
               count;
    }));
    for (auto& each : clients)
        each.send("x");
    ASSERT_TRUE(eventually([&] {
        return std::ranges::all_of(clients, [](auto const& c) { return lost_or_not(c.fd()); });
    }));
    auto const lost =
        std::ranges::count_if(clients, [](auto const& c) { return had_to_send_again(c.fd()); });
    EXPECT_NEAR(lost, 150, 30);  // known to some 6; one alone would lose 100, their sum 200
}

TEST_F(kernel_loss, leaves_bulk_data_whole_while_it_comes_and_goes)
{
    constexpr std::size_t bytes = 64U << 20U;
    auto const sent = pattern(bytes);
    std::atomic<bool> over = false;
    std::atomic<int> changes = 0;
    upstream_server const server([&](client_socket peer) {
        peer.send(std::string_view(sent).substr(0, bytes / 2));
        while (changes <= 10)
            std::this_thread::yield();
        peer.send(std::string_view(sent).substr(bytes / 2));
    });
    proxied p(server.address(), {.shards = 1});
    std::thread changer([&] {
        while (!over) {
            p.add("loss", stream::downstream, kernel_at(0.01));
            std::this_thread::yield();
            p.engine.remove_toxic("p", "loss_downstream").value();
            ++changes;
        }
    });
    client_socket client(p.listen);
    EXPECT_TRUE(client.receive(bytes) == sent);
    over = true;
    changer.join();
}

/// All up to the end, or until nothing has come for a while.
std::string what_comes(client_socket& from)
{
    constexpr int a_while_ms = 300;
    std::string all;
    std::string some;
    pollfd waiting{from.fd(), POLLIN, 0};
    do {
        if (::poll(&waiting, 1, a_while_ms) == 0)
            break;
        some.resize(64 * 1024);
        auto const got = ::recv(from.fd(), some.data(), some.size(), 0);
        some.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        all += some;
    } while (!some.empty());
    return all;
}

/// What the client still acknowledges comes in on the socket that it has nothing more to say on.
TEST_F(kernel_loss, comes_to_a_socket_whose_stream_has_ended_and_goes)
{
    auto const sent = pattern(32U << 20U);
    std::promise<void> go;
    upstream_server const server([&](client_socket peer) {
        peer.receive_all();
        go.get_future().wait();
        peer.send(sent);
    });
    proxied p(server.address(), {.shards = 1});
    client_socket client(p.listen);
    client.send("x");
    client.shut_write();
    ASSERT_TRUE(eventually([&] { return told_of(client.fd()).tcpi_state == TCP_FIN_WAIT2; }));
    p.add("loss", stream::upstream, kernel_at(1));
    go.set_value();
    auto got = what_comes(client);
    EXPECT_LT(got.size(), sent.size());  // without acknowledgements a window of it at most
    p.engine.remove_toxic("p", "loss_upstream").value();
    got += client.receive_all();
    EXPECT_TRUE(got == sent);
}

/// Or the peer of a connection that is no more would not be told so.
TEST_F(kernel_loss, ends_with_the_connection)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 1});
    p.add("loss", stream::upstream, kernel_at(1));
    p.add("timeout", stream::downstream, {{"timeout", 1}});
    client_socket client(p.listen);
    EXPECT_EQ(client.receive_all(), "");
    EXPECT_TRUE(eventually([&] {
        ::send(client.fd(), "x", 1, MSG_NOSIGNAL);
        return told_of(client.fd()).tcpi_state == TCP_CLOSE;
    }));
}

TEST_F(kernel_loss, tells_its_mode_where_that_depends)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 1});
    auto const mode = [&](attribute_list attributes) {
        auto const told =
            p.engine.add_toxic("p", {"t", "loss", stream::upstream, 1, std::move(attributes)})
                .value()
                .effective_mode;
        EXPECT_EQ(p.engine.toxic("p", "t").value().effective_mode, told);
        p.engine.remove_toxic("p", "t").value();
        return told;
    };
    EXPECT_EQ(mode({}), std::nullopt);
    EXPECT_EQ(mode({{"mode", "reset"}}), std::nullopt);
    EXPECT_EQ(mode(kernel_at(0)), "kernel");
    EXPECT_EQ(mode({{"mode", "auto"}}), "kernel");
    EXPECT_EQ(mode({{"mode", "auto"}, {"burst", 3}}), "retransmit");
    EXPECT_EQ(mode({{"mode", "auto"}, {"gemodel", named_numbers{{"p", 0.1}}}}), "retransmit");
}

TEST_F(kernel_loss, is_emulated_and_told_of_when_a_socket_takes_no_filter)
{
    std::atomic<bool> told = false;
    engine_config config;
    config.log = [&](log_level, std::string_view message, auto const&) {
        if (message.starts_with("Could not let the kernel drop segments"))
            told = true;
    };
    upstream_server const server(echo);
    std::optional<proxied> p;
    without_net_admin([&] { p.emplace(server.address(), std::move(config)); });
    p->add("loss", stream::upstream, kernel_at(1));
    client_socket client(p->listen);
    client.send("x");
    ASSERT_TRUE(eventually([&] { return told_of(client.fd()).tcpi_unacked == 0 && told; }));
    p->engine.remove_toxic("p", "loss_upstream").value();
    EXPECT_EQ(client.receive(1), "x");
    EXPECT_FALSE(had_to_send_again(client.fd()));
}

TEST(kernel_loss_without_privilege, is_refused_and_told_why)
{
    upstream_server const server(echo);
    without_net_admin([&] {
        proxied p(server.address(), {.shards = 1});
        problem const refusal{409,
                              "the kernel drops segments only for a process with CAP_NET_ADMIN: "
                              "setsockopt SO_ATTACH_FILTER: operation not permitted (errno 1)"};
        auto const add = [&](attribute_list attributes) {
            return p.engine.add_toxic("p",
                                      {"t", "loss", stream::upstream, 1, std::move(attributes)});
        };
        EXPECT_EQ(add(kernel_at(0.1)).error(), refusal);
        ASSERT_TRUE(add({{"rate", 0.1}}));
        EXPECT_EQ(p.engine.update_toxic("p", "t", {{}, {{"mode", "kernel"}}}).error(), refusal);
        EXPECT_EQ(p.engine.toxic("p", "t").value().effective_mode, std::nullopt);
        EXPECT_EQ(p.engine
                      .create({"q",
                               "127.0.0.1:0",
                               server.address(),
                               true,
                               {{"", "loss", stream::upstream, 1, kernel_at(0.1)}}})
                      .error(),
                  refusal);
    });
}

TEST(kernel_loss_without_privilege, is_emulated_if_auto)
{
    upstream_server const server(echo);
    without_net_admin([&] {
        proxied p(server.address(), {.shards = 1});
        p.add("loss", stream::upstream, {{"mode", "auto"}, {"rate", 1}});
        EXPECT_EQ(p.engine.toxic("p", "loss_upstream").value().effective_mode, "retransmit");
        client_socket client(p.listen);
        client.send("x");
        ASSERT_TRUE(
            eventually([&] { return p.engine.stats().proxies.at(0).streams[0].received_bytes; }));
        EXPECT_EQ(p.engine.stats().proxies.at(0).streams[0].sent_bytes, 0U);
        p.engine.remove_toxic("p", "loss_upstream").value();
        EXPECT_EQ(client.receive(1), "x");
    });
}

}  // namespace
}  // namespace aconite::testing
