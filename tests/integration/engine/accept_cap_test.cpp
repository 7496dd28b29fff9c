// The accept toxic with a cap: exact, however many come at once.
#include "tests/integration/engine/accept_fixture.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// A server that has room for no more than `room`, and says whether it ever got more. The first
/// ones stay until `let_go`.
class small_server {
public:
    explicit small_server(int room) : room_(room) {}

    bool full() const { return live_ == room_; }
    int most() const { return most_; }
    int served() const { return served_; }
    void let_go() { held_ = false; }
    std::string const& address() const { return server_.address(); }

private:
    void serve(client_socket peer)
    {
        int const now = ++live_;
        for (int most = most_; most < now && !most_.compare_exchange_weak(most, now);) {}
        auto const request = peer.receive(4);
        eventually([this] { return !held_; });
        // The proxy counts the connection at least as long as this server does.
        --live_;
        ++served_;
        peer.send(request);
    }

    int const room_;
    std::atomic<int> live_ = 0;
    std::atomic<int> most_ = 0;
    std::atomic<int> served_ = 0;
    std::atomic<bool> held_ = true;
    upstream_server server_{[this](client_socket peer) { serve(std::move(peer)); }};
};

/// 16 clients at once try until they are served; each `turned_away` counts.
std::vector<std::thread> crowd(proxied const& p, std::atomic<int>& turned_away)
{
    std::vector<std::thread> clients;
    for (int i = 0; i < 16; ++i) {
        clients.emplace_back([&] {
            for (;;) {
                try {
                    client_socket client(p.listen);
                    client.send("ping");
                    if (client.receive(4) == "ping")
                        return;
                } catch (std::system_error const& error) {
                    EXPECT_NE(error.code().value(), ETIMEDOUT);
                }
                ++turned_away;
            }
        });
    }
    return clients;
}

void expect_cap(char const* name, unsigned shards)
{
    small_server server(3);
    proxied p(server.address(), {.shards = shards});
    p.add("accept", stream::upstream, mode(name, 3));
    std::atomic<int> turned_away = 0;
    auto clients = crowd(p, turned_away);
    EXPECT_TRUE(eventually([&] { return server.full() && turned_away > 200; }));
    server.let_go();
    for (auto& each : clients)
        each.join();
    EXPECT_EQ(server.most(), 3);
    EXPECT_GE(server.served(), 16);
    EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
}

TEST(accept, refuses_exactly_those_over_the_cap)
{
    expect_cap("refuse", 1);
    expect_cap("refuse", 4);
}

TEST(accept, resets_exactly_those_over_the_cap)
{
    expect_cap("reset", 1);
    expect_cap("reset", 4);
}

TEST(accept, leaves_those_over_the_cap_waiting)
{
    small_server server(3);
    proxied p(server.address(), {.shards = 4});
    p.add("accept", stream::upstream, mode("blackhole", 3));
    std::atomic<int> turned_away = 0;
    auto clients = crowd(p, turned_away);
    EXPECT_TRUE(eventually([&] { return server.full(); }));
    EXPECT_EQ(knock(p.listen).answer(silence), EINPROGRESS);
    EXPECT_EQ(p.engine.connections().size(), 3U);
    server.let_go();
    for (auto& each : clients)
        each.join();
    EXPECT_EQ(turned_away, 0);
    EXPECT_EQ(server.served(), 16);
    EXPECT_EQ(server.most(), 3);
}

TEST(accept, delays_only_those_over_the_cap)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 2});
    p.add("accept", stream::upstream, {{"mode", "delay"}, {"delay", 300}, {"max_connections", 1}});
    client_socket first(p.listen);
    EXPECT_LT(time_of([&] { EXPECT_TRUE(is_served(first)); }), 250ms);
    EXPECT_GE(time_of([&] { EXPECT_TRUE(is_served(p)); }), 300ms);
}

TEST(accept, a_cap_opens_when_one_ends_and_when_it_is_raised)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("accept", stream::upstream, mode("refuse", 1));
    client_socket first(p.listen);
    ASSERT_TRUE(is_served(first));
    EXPECT_EQ(knock(p.listen).answer(), ECONNREFUSED);
    first.reset();
    ASSERT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
    EXPECT_TRUE(eventually([&] { return knock(p.listen).answer() == 0; }));

    ASSERT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
    client_socket second(p.listen);
    ASSERT_TRUE(is_served(second));
    p.engine.update_toxic("p", "accept_upstream", {{}, {{"max_connections", 2}}}).value();
    EXPECT_TRUE(is_served(p));
}

}  // namespace
}  // namespace aconite::testing
