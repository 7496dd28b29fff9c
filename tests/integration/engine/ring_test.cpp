// Proxies of one engine that lead to each other, on any number of threads.
#include "tests/integration/engine/engine_fixture.hpp"
#include "tests/support/knock.hpp"

#include <cerrno>
#include <future>
#include <system_error>
#include <vector>

namespace aconite::testing {
namespace {

/// Whether a client of that address is reset, be it while it connects.
bool is_reset_at(std::string const& where)
{
    try {
        return client_socket(where).sees_reset();
    } catch (std::system_error const& error) {
        return error.code().value() == ECONNRESET;
    }
}

TEST(ring, is_ended_for_each_of_many_clients)
{
    for (unsigned const shards : {1U, 4U}) {
        proxied p("127.0.0.1:1", {.shards = shards});
        auto const second = p.engine.create({"q", "127.0.0.1:0", p.listen, true, {}}).value();
        p.engine.update("p", {.upstream = second.listen}).value();
        auto const before = open_descriptors();

        std::vector<std::future<bool>> clients;
        for (int i = 0; i < 50; ++i)
            clients.push_back(
                std::async(std::launch::async, is_reset_at, i % 2 == 0 ? p.listen : second.listen));
        for (auto& each : clients)
            EXPECT_TRUE(each.get());

        EXPECT_TRUE(eventually([&] { return p.engine.connections().empty(); }));
        EXPECT_TRUE(eventually([&] { return open_descriptors() == before; }));
        auto const stats = p.engine.stats().proxies;
        EXPECT_GE(stats.at(0).dial_errors + stats.at(1).dial_errors, 50U);
    }
}

TEST(ring, is_not_what_a_chain_is)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = 4});
    auto listen = p.listen;
    for (auto const* name : {"q", "r", "s"})
        listen = p.engine.create({name, "127.0.0.1:0", listen, true, {}}).value().listen;

    std::vector<client_socket> clients;
    for (int i = 0; i < 50; ++i)
        clients.emplace_back(listen);
    for (auto& each : clients) {
        each.send("ping");
        EXPECT_EQ(each.receive(4), "ping");
    }
}

TEST(ring, is_ended_where_it_closes_behind_a_way_in)
{
    proxied p("127.0.0.1:1");
    auto const second = p.engine.create({"q", "127.0.0.1:0", p.listen, true, {}}).value();
    p.engine.update("p", {.upstream = second.listen}).value();
    auto const entry = p.engine.create({"way in", "[::1]:0", second.listen, true, {}});
    if (!entry)
        GTEST_SKIP() << entry.error().text;

    knock client(entry->listen);
    EXPECT_TRUE(client.answer() == ECONNRESET || client.enter().sees_reset());
}

TEST(ring, is_seen_where_a_proxy_listens_on_all_addresses)
{
    proxied p("127.0.0.1:1", {}, ":0");
    auto const port = p.listen.substr(p.listen.rfind(':'));
    p.engine.update("p", {.upstream = "localhost" + port}).value();

    EXPECT_TRUE(is_reset_at("127.0.0.1" + port));
}

}  // namespace
}  // namespace aconite::testing
