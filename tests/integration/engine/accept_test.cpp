// The accept toxic on real sockets: what those see who connect, and what stays as it was.
#include "tests/integration/engine/accept_fixture.hpp"

#include <atomic>
#include <set>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// The proxy listens at each kind of address.
class accept_at : public ::testing::TestWithParam<char const*> {
protected:
    upstream_server const server{echo};
    proxied p{server.address(), {}, GetParam()};
};

TEST_P(accept_at, refuse_is_answered_with_rst_and_the_port_stays_taken)
{
    auto early = knock(p.listen).enter();
    ASSERT_TRUE(is_served(early));
    p.add("accept", stream::upstream, mode("refuse"));

    EXPECT_EQ(knock(p.listen).answer(), ECONNREFUSED);
    EXPECT_EQ(try_to_take(p.listen, false), EADDRINUSE);
    EXPECT_EQ(try_to_take(p.listen, true), EADDRINUSE);
    EXPECT_TRUE(is_served(early));
    EXPECT_EQ(p.engine.proxy("p").value().listen, p.listen);

    heal(p);
    EXPECT_TRUE(is_served(p));
    EXPECT_TRUE(is_served(early));
}

TEST_P(accept_at, blackhole_is_not_answered_until_it_heals)
{
    auto early = knock(p.listen).enter();
    ASSERT_TRUE(is_served(early));
    p.add("accept", stream::upstream, mode("blackhole"));

    knock patient(p.listen);
    EXPECT_EQ(patient.answer(silence), EINPROGRESS);
    EXPECT_EQ(try_to_take(p.listen, true), EADDRINUSE);
    EXPECT_TRUE(is_served(early));

    heal(p);
    EXPECT_LT(time_of([&] { EXPECT_TRUE(is_served(p)); }), 400ms);
    EXPECT_EQ(patient.answer(), 0);  // its next SYN, a second after the first
    auto late = patient.enter();
    EXPECT_TRUE(is_served(late));
    EXPECT_TRUE(is_served(early));
}

INSTANTIATE_TEST_SUITE_P(listening, accept_at,
                         ::testing::Values("127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0"));

TEST(accept, is_an_upstream_toxic_whatever_is_asked_for)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("accept", stream::downstream, mode("delay"));
    auto const toxic = p.engine.toxic("p", "accept_upstream").value();
    EXPECT_EQ(toxic.direction, stream::upstream);
    auto const again = p.engine.add_toxic("p", {"", "accept", stream::upstream, 1, {}});
    EXPECT_EQ(again.error().status, 409);
}

TEST(accept, toxicity_zero_switches_it_off)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("accept", stream::upstream, mode("refuse"), 0);
    EXPECT_TRUE(is_served(p));
    p.engine.update_toxic("p", "accept_upstream", {1.0F, {}}).value();
    EXPECT_EQ(knock(p.listen).answer(), ECONNREFUSED);
    p.engine.update_toxic("p", "accept_upstream", {0.0F, {}}).value();
    EXPECT_TRUE(is_served(p));
    EXPECT_EQ(p.engine.update_toxic("p", "accept_upstream", {0.5F, {}}).error().status, 400)
        << "there is no connection to draw";
}

TEST(accept, is_in_force_from_the_start_and_after_a_restart)
{
    upstream_server const server(echo);
    engine e;
    auto const made = e.create({"p",
                                "127.0.0.1:0",
                                server.address(),
                                true,
                                {{"", "accept", stream::upstream, 1, mode("refuse")}}});
    EXPECT_EQ(knock(made.value().listen).answer(), ECONNREFUSED);
    e.update("p", {{}, {}, false}).value();
    e.update("p", {{}, {}, true}).value();
    EXPECT_EQ(knock(made.value().listen).answer(), ECONNREFUSED);
    e.reset().value();
    EXPECT_EQ(knock(made.value().listen).answer(), 0);
}

TEST(accept, several_toxics_swallow_rather_than_refuse)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.engine.add_toxic("p", {"hole", "accept", stream::upstream, 1, mode("blackhole")}).value();
    p.engine.add_toxic("p", {"wall", "accept", stream::upstream, 1, mode("refuse")}).value();
    EXPECT_EQ(knock(p.listen).answer(silence), EINPROGRESS);
    p.engine.remove_toxic("p", "hole").value();
    EXPECT_EQ(knock(p.listen).answer(), ECONNREFUSED);
    p.engine.remove_toxic("p", "wall").value();
    EXPECT_TRUE(is_served(p));
}

/// Whether somebody who connects now is reset, be it while connecting, and not served.
bool is_reset(proxied const& p)
{
    try {
        client_socket client(p.listen);
        EXPECT_TRUE(is_served(client));
        return false;
    } catch (std::system_error const& error) {
        EXPECT_NE(error.code().value(), ETIMEDOUT);
        EXPECT_NE(error.code().value(), ECONNREFUSED);
        return true;
    }
}

TEST(accept, reset_closes_before_the_upstream_is_dialled)
{
    std::atomic<int> dialled = 0;
    upstream_server const server([&](client_socket peer) {
        ++dialled;
        echo(std::move(peer));
    });
    proxied p(server.address());
    p.add("accept", stream::upstream, mode("reset"));
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(is_reset(p));
    EXPECT_TRUE(p.engine.connections().empty());
    heal(p);
    EXPECT_TRUE(is_served(p));
    EXPECT_EQ(dialled, 1);
}

TEST(accept, delay_holds_the_dial_back)
{
    std::atomic<int> dialled = 0;
    upstream_server const server([&](client_socket peer) {
        ++dialled;
        echo(std::move(peer));
    });
    proxied p(server.address());
    p.add("accept", stream::upstream, {{"mode", "delay"}, {"delay", 300}});
    auto const took = time_of([&] {
        client_socket client(p.listen);
        EXPECT_TRUE(eventually([&] { return p.engine.connections().size() == 1; }));
        EXPECT_EQ(dialled, 0);
        EXPECT_TRUE(is_served(client));
    });
    EXPECT_GE(took, 300ms);
}

TEST(accept, delayed_connections_are_served_at_once_when_it_heals)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 4});
    p.add("accept", stream::upstream, {{"mode", "delay"}, {"delay", 3'600'000}});
    std::vector<client_socket> clients;
    for (int i = 0; i < 8; ++i)
        clients.emplace_back(p.listen);
    ASSERT_TRUE(eventually([&] { return p.engine.connections().size() == 8; }));
    heal(p);
    for (auto& client : clients)
        EXPECT_TRUE(is_served(client));
}

TEST(accept, a_delay_that_changes_counts_from_the_accept)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("accept", stream::upstream, {{"mode", "delay"}, {"delay", 3'600'000}});
    EXPECT_GE(time_of([&] {
                  client_socket client(p.listen);
                  ASSERT_TRUE(eventually([&] { return p.engine.connections().size() == 1; }));
                  p.engine.update_toxic("p", "accept_upstream", {{}, {{"delay", 200}}}).value();
                  EXPECT_TRUE(is_served(client));
              }),
              200ms);
}

TEST(accept, a_delayed_client_that_gives_up_is_let_go)
{
    upstream_server const server(echo);
    proxied p(server.address());
    p.add("accept", stream::upstream, {{"mode", "delay"}, {"delay", 3'600'000}});
    client_socket client(p.listen);
    ASSERT_TRUE(eventually([&] { return p.engine.connections().size() == 1; }));
    client.reset();
    EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
}

/// Which of 200 connections a rate of 0.3 resets.
std::set<int> resets(std::uint64_t seed, unsigned shards)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = shards, .seed = seed});
    p.add("accept", stream::upstream, {{"mode", "reset"}, {"rate", 0.3}});
    std::set<int> hit;
    for (int i = 0; i < 200; ++i)
        if (is_reset(p))
            hit.insert(i);
    return hit;
}

TEST(accept, resets_the_same_connections_for_the_same_seed)
{
    auto const first = resets(42, 1);
    EXPECT_GT(first.size(), 40U);
    EXPECT_LT(first.size(), 80U);
    EXPECT_EQ(resets(42, 4), first);
    EXPECT_NE(resets(43, 1), first);
}

}  // namespace
}  // namespace aconite::testing
