// Where and when toxics act, on real sockets: match, trigger, ttl, schedule, lease.
#include "tests/integration/engine/engine_fixture.hpp"

#include <atomic>
#include <chrono>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

struct aimed : proxied {
    explicit aimed(std::string const& upstream, engine_config config = {})
        : proxied(upstream, std::move(config))
    {}

    toxic_info add_aimed(std::string type, toxic_aim aim, attribute_list attributes = {},
                         stream direction = stream::downstream)
    {
        return engine
            .add_toxic("p",
                       {"t", std::move(type), direction, 1, std::move(attributes), std::move(aim)})
            .value();
    }

    bool has_toxic() { return engine.toxic("p", "t").has_value(); }
};

/// Whether the connection is reset as soon as it carries something.
bool is_reset(client_socket& client)
{
    client.send("x");
    try {
        return client.receive(1).empty();
    } catch (std::system_error const& error) {
        return error.code().value() == ECONNRESET;
    }
}

std::string resets_of(aimed& p, int connections)
{
    std::string seen;
    for (int i = 0; i < connections; ++i) {
        client_socket client(p.listen);
        seen += is_reset(client) ? '!' : '.';
    }
    return seen;
}

TEST(aim, match_picks_connections)
{
    upstream_server const server(echo);
    struct {
        attribute_list match;
        char const* hit;
    } const cases[] = {
        {{{"every", 3}}, "..!..!"},
        {{{"ordinal", 2}}, "..!..."},
        {{{"client", "127.0.0.0/8"}}, "!!!!!!"},
        {{{"client", "10.0.0.0/8"}}, "......"},
        {{{"client", "10.0.0.0/8, 127.0.0.1"}, {"every", 2}}, ".!.!.!"},
    };
    for (auto const& each : cases) {
        aimed p(server.address());
        p.add_aimed("reset_peer", {.match = each.match, .trigger = {}, .lease = {}});
        EXPECT_EQ(resets_of(p, 6), each.hit);
    }
}

TEST(aim, a_label_is_that_of_the_proxy_when_the_connection_came)
{
    upstream_server const server(echo);
    aimed p(server.address());
    p.add_aimed("reset_peer", {.match = {{"label", "orders"}}, .trigger = {}, .lease = {}});
    client_socket before(p.listen);
    before.send("x");
    EXPECT_EQ(before.receive(1), "x");
    p.engine.update("p", {.listen = {}, .upstream = {}, .enabled = {}, .label = "orders"}).value();
    EXPECT_EQ(resets_of(p, 2), "!!");
    before.send("y");
    EXPECT_EQ(before.receive(1), "y") << "it keeps the label that it came with";
}

TEST(aim, a_trigger_acts_so_often_over_all_connections)
{
    upstream_server const server(echo);
    for (unsigned const shards : {1U, 4U}) {
        engine_config config;
        config.shards = shards;
        aimed p(server.address(), std::move(config));
        p.add_aimed("reset_peer",
                    {.match = {}, .trigger = {{"after_hits", 1}, {"times", 2}}, .lease = {}});
        EXPECT_EQ(resets_of(p, 6), ".!!...") << shards;
    }
}

TEST(aim, a_trigger_starts_at_the_very_byte_of_bulk_data)
{
    std::string const sent = pattern(3'000'000);
    upstream_server const server([&](client_socket peer) {
        peer.receive(1);
        peer.send(sent);
        peer.receive(1);
    });
    aimed p(server.address());
    p.add_aimed("stall", {.match = {}, .trigger = {{"after_bytes", 2'345'678}}, .lease = {}});
    client_socket client(p.listen);
    client.send("x");
    EXPECT_EQ(client.receive(2'345'678), sent.substr(0, 2'345'678));
    timeval const moment{0, 200'000};
    ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
    char byte = 0;
    EXPECT_EQ(::recv(client.fd(), &byte, 1, 0), -1) << "not a byte more";
    p.engine.remove_toxic("p", "t").value();
    EXPECT_EQ(client.receive(sent.size() - 2'345'678), sent.substr(2'345'678));
    client.send("x");
}

TEST(aim, a_ttl_removes_the_toxic_and_lets_go_what_it_holds)
{
    upstream_server const server(echo);
    aimed p(server.address());
    client_socket client(p.listen);
    auto const waited = time_of([&] {
        p.add_aimed("stall", {.match = {}, .trigger = {}, .ttl_ms = 150, .lease = {}});
        client.send("held");
        EXPECT_EQ(client.receive(4), "held");
    });
    EXPECT_GE(waited, 150ms);
    EXPECT_TRUE(eventually([&] { return !p.has_toxic(); }));
}

TEST(aim, a_schedule_adds_updates_and_removes)
{
    using action = schedule_step::action;
    upstream_server const server(echo);
    aimed p(server.address());
    client_socket client(p.listen);
    auto const begin = std::chrono::steady_clock::now();
    auto const info =
        p.add_aimed("latency", {.match = {},
                                .trigger = {},
                                .schedule = {{{100, action::add, {}, {}},
                                              {200, action::update, {}, {{"latency", 1'000'000}}},
                                              {400, action::remove, {}, {}}}},
                                .lease = {}});
    EXPECT_FALSE(info.active);
    EXPECT_TRUE(eventually([&] { return p.engine.toxic("p", "t").value().active; }));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 100ms);
    EXPECT_TRUE(eventually([&] {
        auto const now = p.engine.toxic("p", "t");
        return now && now->attributes.at(0).second == attribute_value(1'000'000);
    }));
    client.send("held");
    EXPECT_EQ(client.receive(4), "held") << "let go by the last step";
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 400ms);
    EXPECT_TRUE(eventually([&] { return !p.has_toxic(); }));
}

TEST(aim, toxics_go_with_their_lease)
{
    upstream_server const server(echo);
    aimed p(server.address());
    auto const lease = p.engine.open_lease(200).value();
    p.add_aimed("stall", {.match = {}, .trigger = {}, .lease = lease.id});
    client_socket client(p.listen);
    client.send("held");
    for (int beat = 0; beat < 5; ++beat)
        EXPECT_TRUE(p.engine.renew_lease(lease.id));
    EXPECT_EQ(client.receive(4), "held");
    EXPECT_FALSE(p.has_toxic());
    EXPECT_EQ(p.engine.renew_lease(lease.id).error().status, 404);
    EXPECT_EQ(p.engine.add_toxic("p", {"u", "stall", stream::upstream, 1, {}, {.lease = lease.id}})
                  .error()
                  .status,
              400);
}

TEST(aim, a_populate_with_a_lease_that_is_not_there_touches_nothing)
{
    upstream_server const server(echo);
    aimed p(server.address());
    client_socket client(p.listen);
    proxy_config replaced{"p", "127.0.0.1:0", "127.0.0.1:1", true, {}};
    replaced.toxics.push_back({"", "stall", stream::upstream, 1, {}, {.lease = "gone"}});
    auto const done = p.engine.populate({replaced});
    ASSERT_TRUE(done.failure);
    EXPECT_EQ(done.failure->status, 400);
    client.send("x");
    EXPECT_EQ(client.receive(1), "x");
}

TEST(aim, a_schedule_that_could_not_be_kept_is_refused)
{
    aimed p("127.0.0.1:1");
    toxic_config wanted{"t", "accept", stream::upstream, 1, {{"mode", "delay"}}, {}};
    wanted.aim.match = {{"every", 2}};
    wanted.aim.schedule = {{10, schedule_step::action::update, {}, {{"mode", "refuse"}}}};
    auto const refused = p.engine.add_toxic("p", wanted);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("schedule/0"), std::string::npos) << refused.error().text;
}

TEST(aim, steps_to_come_have_to_go_with_an_update)
{
    aimed p("127.0.0.1:1");
    p.add_aimed(
        "slicer",
        {.match = {},
         .trigger = {},
         .schedule = {{{time_ms_max, schedule_step::action::update, {}, {{"size_variation", 50}}}}},
         .lease = {}},
        {{"average_size", 100}});
    EXPECT_EQ(p.engine.update_toxic("p", "t", {{}, {{"average_size", 10}}}).error().status, 400);
    EXPECT_TRUE(p.engine.update_toxic("p", "t", {{}, {{"average_size", 60}}}));
}

TEST(aim, without_its_schedule_a_waiting_toxic_is_in_effect)
{
    aimed p("127.0.0.1:1");
    p.add_aimed("latency", {.match = {},
                            .trigger = {},
                            .schedule = {{{time_ms_max, schedule_step::action::add, {}, {}}}},
                            .lease = {}});
    toxic_patch patch;
    patch.aim.schedule.emplace();
    EXPECT_TRUE(p.engine.update_toxic("p", "t", patch).value().active);
}

TEST(aim, steps_due_together_are_taken_together)
{
    using action = schedule_step::action;
    aimed p("127.0.0.1:1");
    std::vector<schedule_step> steps;
    for (int i = 0; i < 999; ++i)
        steps.push_back({0, action::update, {}, {{"latency", i}}});
    steps.push_back({0, action::remove, {}, {}});
    p.add_aimed("latency", {.match = {}, .trigger = {}, .schedule = steps, .lease = {}});
    EXPECT_TRUE(eventually([&] { return !p.has_toxic(); }));
}

TEST(aim, the_seed_of_a_proxy_stays)
{
    engine e;
    proxy_config config{"p", "127.0.0.1:0", "127.0.0.1:1", true, {}};
    config.seed = 7;
    e.create(config).value();
    proxy_patch patch;
    patch.seed = 7;
    EXPECT_TRUE(e.update("p", patch));
    patch.seed = 8;
    EXPECT_EQ(e.update("p", patch).error().status, 400);
}

TEST(aim, partition_holds_both_directions_and_heals_at_once)
{
    std::atomic<int> arrived = 0;
    upstream_server const server([&](client_socket peer) {
        peer.send("hello");
        arrived += static_cast<int>(peer.receive(5).size());
    });
    aimed p(server.address());
    auto const info = p.add_aimed("partition", {});
    EXPECT_EQ(info.direction, stream::both);
    EXPECT_EQ(p.engine.toxics("p").value().size(), 1U);
    client_socket client(p.listen);
    client.send("howdy");
    EXPECT_TRUE(eventually([&] {
        auto const traffic = p.engine.stats().proxies.at(0);
        return traffic.streams[0].received_bytes == 5 && traffic.streams[1].received_bytes == 5;
    }));
    EXPECT_EQ(p.engine.stats().proxies.at(0).streams[0].sent_bytes, 0U);
    EXPECT_EQ(p.engine.stats().proxies.at(0).streams[1].sent_bytes, 0U);
    p.engine.remove_toxic("p", "t").value();
    EXPECT_EQ(client.receive(5), "hello");
    EXPECT_TRUE(eventually([&] { return arrived == 5; }));
}

}  // namespace
}  // namespace aconite::testing
