// The accept toxic while everything changes: nobody is forgotten, nothing is left behind.
#include "tests/integration/engine/accept_fixture.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// What an attempt sees soon; one that is reset was accepted.
int answer_of(std::string const& where)
{
    auto const error = knock(where).answer(20ms);
    return error == ECONNRESET ? 0 : error;
}

TEST(accept, its_own_connections_never_become_clients)
{
    std::atomic<int> dialled = 0;
    upstream_server const server([&](client_socket peer) {
        ++dialled;
        echo(std::move(peer));
    });
    proxied p(server.address());
    for (int i = 0; i < 200; ++i) {
        p.add("accept", stream::upstream, mode("blackhole"));
        heal(p);
    }
    client_socket first(p.listen);
    EXPECT_TRUE(is_served(first));
    EXPECT_EQ(p.engine.connections().at(0).ordinal, 0U);
    EXPECT_EQ(dialled, 1);
}

TEST(accept, a_thousand_changes_of_mode_leave_no_descriptor_behind)
{
    upstream_server const server(echo);
    proxied p(server.address());
    client_socket early(p.listen);
    ASSERT_TRUE(is_served(early));
    auto const before = open_descriptors();
    p.add("accept", stream::upstream, {});
    char const* const modes[] = {"blackhole", "refuse", "reset", "refuse", "delay", "blackhole"};
    int const expected[] = {EINPROGRESS, ECONNREFUSED, 0, ECONNREFUSED, 0, EINPROGRESS};
    for (std::size_t i = 0; i < 1000; ++i) {
        p.engine.update_toxic("p", "accept_upstream", {{}, {{"mode", modes[i % 6]}}}).value();
        if (i % 29 == 0) {
            EXPECT_EQ(answer_of(p.listen), expected[i % 6]) << i;
        }
    }
    heal(p);
    EXPECT_TRUE(is_served(p));
    EXPECT_TRUE(is_served(early));
    EXPECT_TRUE(eventually([&] { return open_descriptors() == before; }));
}

TEST(accept, changed_all_the_time_serves_or_refuses_but_forgets_nobody)
{
    upstream_server const server(echo);
    auto const before = open_descriptors();
    std::atomic<int> served = 0;
    {
        proxied p(server.address(), {.shards = 2});
        std::atomic<int> running = 4;
        std::vector<std::thread> clients;
        for (int i = 0; i < 4; ++i) {
            clients.emplace_back([&] {
                for (int attempts = 0; attempts < 1500; ++attempts) {
                    knock one(p.listen);
                    if (one.answer(5ms) != 0)
                        continue;
                    auto client = one.enter();
                    try {
                        served += is_served(client) ? 1 : 0;
                    } catch (std::system_error const& error) {
                        EXPECT_NE(error.code().value(), ETIMEDOUT);
                    }
                }
                --running;
            });
        }
        char const* const modes[] = {"refuse", "blackhole", "reset", "blackhole"};
        for (std::size_t i = 0; running > 0; ++i) {
            p.add("accept", stream::upstream, mode(modes[i % 4], static_cast<int>(i % 3)));
            heal(p);
        }
        for (auto& each : clients)
            each.join();
        EXPECT_TRUE(is_served(p));
    }
    EXPECT_GT(served, 0);
    EXPECT_TRUE(eventually([&] { return open_descriptors() == before; }));
}

TEST(accept, every_state_can_be_stopped_moved_and_removed)
{
    upstream_server const server(echo);
    auto const before = open_descriptors();
    for (auto const* name : {"refuse", "blackhole", "delay", "reset"}) {
        SCOPED_TRACE(name);
        proxied p(server.address());
        auto const here = p.listen;
        p.add("accept", stream::upstream, {{"mode", name}, {"delay", 3'600'000}});
        knock waiting(here);
        waiting.answer(20ms);
        p.engine.update("p", {{}, {}, false}).value();
        EXPECT_EQ(try_to_take(here, true), 0);
        p.engine.update("p", {"127.0.0.1:0", {}, true}).value();
        p.engine.update("p", {here, {}, {}}).value();
        EXPECT_EQ(p.engine.proxy("p").value().listen, here);
        p.engine.remove("p").value();
        EXPECT_EQ(try_to_take(here, true), 0);
    }
    for (auto const* name : {"refuse", "blackhole", "delay", "reset"}) {
        proxied p(server.address());
        p.add("accept", stream::upstream, {{"mode", name}, {"delay", 3'600'000}});
        knock(p.listen).answer(20ms);
    }
    EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace aconite::testing
