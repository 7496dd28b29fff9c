// What the proxy does with healthy, slow, dying and dead peers when no toxic is in the way.
#include "tests/integration/engine/engine_fixture.hpp"

#include <poll.h>
#include <sys/resource.h>

#include <future>
#include <thread>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

TEST(forwarding, returns_what_an_echo_server_returns)
{
    upstream_server const server(echo);
    proxied p(server.address());
    auto const sent = pattern(8 << 20);

    client_socket client(p.listen);
    std::thread writer([&] {
        client.send(sent);
        client.shut_write();
    });
    auto const got = client.receive_all();
    writer.join();

    EXPECT_TRUE(got == sent);
    auto const traffic = p.engine.stats().proxies.at(0);
    EXPECT_EQ(traffic.streams[0].received_bytes, sent.size());
    EXPECT_EQ(traffic.streams[1].sent_bytes, sent.size());
}

TEST(forwarding, lets_the_reply_come_after_a_half_close)
{
    upstream_server const server([](client_socket peer) {
        auto const request = peer.receive_all();
        peer.send("answer to " + request);
    });
    proxied p(server.address());

    client_socket client(p.listen);
    client.send("question");
    client.shut_write();

    EXPECT_EQ(client.receive_all(), "answer to question");
}

TEST(forwarding, passes_a_reset_on_as_a_reset)
{
    upstream_server const server([](client_socket peer) {
        peer.receive(1);
        peer.reset();
    });
    proxied p(server.address());

    client_socket client(p.listen);
    client.send("x");

    EXPECT_TRUE(client.sees_reset());
}

TEST(forwarding, passes_the_reset_of_a_client_on_that_had_half_closed)
{
    std::promise<void> half_closed;
    std::promise<bool> reset;
    upstream_server const server([&](client_socket peer) {
        EXPECT_EQ(peer.receive_all(), "");
        half_closed.set_value();
        reset.set_value(eventually([&] {
            pollfd socket{peer.fd(), 0, 0};
            return ::poll(&socket, 1, 0) == 1 && (socket.revents & POLLERR) != 0;
        }));
    });
    proxied p(server.address());
    client_socket client(p.listen);
    client.shut_write();
    half_closed.get_future().wait();
    client.reset();
    EXPECT_TRUE(reset.get_future().get());
    EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
}

TEST(forwarding, delivers_what_a_server_said_before_it_closed)
{
    auto const said = pattern(3 << 20);
    upstream_server const server([&](client_socket peer) { peer.send(said); });
    proxied p(server.address());

    EXPECT_TRUE(client_socket(p.listen).receive_all() == said);
}

TEST(forwarding, closes_the_client_when_the_upstream_refuses)
{
    std::string nobody;
    {
        upstream_server const gone(echo);
        nobody = gone.address();
    }
    proxied p(nobody);

    EXPECT_EQ(client_socket(p.listen).receive_all(), "");
}

TEST(forwarding, gives_up_a_dial_after_its_time)
{
    blackhole const nowhere;
    proxied p(nowhere.address(), {.dial_timeout = 300ms});
    client_socket client(p.listen);

    auto const waited = time_of([&] { EXPECT_EQ(client.receive_all(), ""); });

    EXPECT_GE(waited, 290ms);
}

TEST(forwarding, serves_others_while_one_upstream_does_not_answer)
{
    blackhole const nowhere;
    upstream_server const server(echo);
    proxied p(nowhere.address(), {.shards = 1});
    auto const good = p.engine.create({"good", "127.0.0.1:0", server.address(), true, {}}).value();
    client_socket stuck(p.listen);
    client_socket stuck_too(p.listen);

    client_socket client(good.listen);
    client.send("ping");
    EXPECT_EQ(client.receive(4), "ping");

    EXPECT_LT(time_of([&] { p.engine.remove("p").value(); }), 2s);
    EXPECT_EQ(stuck.receive_all(), "");
    EXPECT_EQ(stuck_too.receive_all(), "");
}

TEST(forwarding, closes_every_connection_before_disable_returns)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 4});
    std::vector<client_socket> clients;
    for (int i = 0; i < 20; ++i) {
        clients.emplace_back(p.listen);
        clients.back().send("x");
        EXPECT_EQ(clients.back().receive(1), "x");
    }
    EXPECT_EQ(p.engine.connections().size(), 20U);

    p.engine.update("p", {.enabled = false}).value();

    EXPECT_TRUE(p.engine.connections().empty());
    EXPECT_THROW(client_socket refused(p.listen), std::system_error);
    for (auto& each : clients)
        EXPECT_EQ(each.receive_all(), "");
    p.engine.update("p", {.enabled = true}).value();
    EXPECT_NO_THROW(client_socket again(p.listen));
}

TEST(forwarding, does_not_read_for_a_receiver_that_does_not)
{
    upstream_server const server([](client_socket peer) {
        std::string const block(1 << 20, 'x');
        for (int i = 0; i < 256; ++i)
            peer.send(block);
    });
    proxied p(server.address());
    client_socket client(p.listen);
    client.small_receive_buffer();
    std::uint64_t before = 0;
    // Stalled: the count of bytes read from the server has stopped growing.
    ASSERT_TRUE(eventually([&] {
        auto const now = p.engine.stats().proxies.at(0).streams[1].received_bytes;
        std::this_thread::sleep_for(50ms);  // the interval over which growth is judged
        return now > 0 && std::exchange(before, now) == now;
    }));
    EXPECT_LT(before, std::uint64_t{64} << 20);
    EXPECT_LT(time_of([&] { p.engine.remove("p").value(); }), 2s);
}

TEST(forwarding, accepts_again_after_running_out_of_descriptors)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 1});
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    std::vector<client_socket> clients;
    clients.emplace_back(p.listen);
    // Once the echo is back, all sockets of this connection are open.
    clients.back().send("x");
    ASSERT_EQ(clients.back().receive(1), "x");
    int const lowest_free = ::dup(clients.back().fd());
    ::close(lowest_free);
    // Room for this client but not for the proxy's two sockets.
    rlimit const low{static_cast<rlim_t>(lowest_free) + 1, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
    client_socket waiting(p.listen);
    waiting.send("late");
    ::setrlimit(RLIMIT_NOFILE, &before);

    EXPECT_EQ(waiting.receive(4), "late");
}

}  // namespace
}  // namespace aconite::testing
