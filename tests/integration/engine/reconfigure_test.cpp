// A new configuration touches what differs from the old one, and nothing else.
#include "tests/integration/engine/engine_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace aconite::testing {
namespace {

using names = std::vector<std::string>;

/// An engine whose proxies echo, and which takes configurations.
struct configured {
    proxy_config proxy(std::string name, std::vector<toxic_config> toxics = {}) const
    {
        return {std::move(name), "127.0.0.1:0", server.address(), true, std::move(toxics)};
    }

    reconfigure_result apply(std::vector<proxy_config> configs)
    {
        return engine.reconfigure(std::move(configs)).value();
    }

    std::string fault(std::vector<proxy_config> configs)
    {
        auto const done = engine.reconfigure(std::move(configs));
        return done ? "" : done.error().text;
    }

    std::string listen(std::string_view name) const { return engine.proxy(name).value().listen; }

    upstream_server server{echo};
    aconite::engine engine;
};

void expect_alive(client_socket& client)
{
    client.send("ping");
    EXPECT_EQ(client.receive(4), "ping");
}

/// What one proxy came to, as the one list that names it.
std::string fate_of(std::string const& name, reconfigure_result const& done)
{
    std::string fate;
    auto const look = [&](char const* what, names const& list) {
        fate += std::ranges::count(list, name) > 0 ? what : "";
    };
    look("created", done.created);
    look("updated", done.updated);
    look("removed", done.removed);
    look("unchanged", done.unchanged);
    for (auto const& each : done.failed)
        fate += each.first == name ? "failed" : "";
    return fate;
}

toxic_config limit_of(std::int64_t bytes)
{
    return {"limit", "limit_data", stream::downstream, 1, {{"bytes", bytes}}};
}

TEST(reconfigure, makes_the_configuration_all_there_is)
{
    configured c;
    auto done = c.apply({c.proxy("b"), c.proxy("a")});
    EXPECT_EQ(done.created, (names{"b", "a"}));
    auto const b_listen = c.listen("b");
    done = c.apply({c.proxy("c"), c.proxy("a")});
    EXPECT_EQ(done.created, names{"c"});
    EXPECT_EQ(done.unchanged, names{"a"});
    EXPECT_EQ(done.removed, names{"b"});
    EXPECT_EQ(c.engine.proxies().size(), 2U);
    EXPECT_THROW(client_socket{b_listen}, std::system_error);
    done = c.apply({});
    EXPECT_EQ(done.removed, (names{"a", "c"}));
    EXPECT_TRUE(c.engine.proxies().empty());
}

TEST(reconfigure, leaves_connections_of_an_equal_proxy_alone)
{
    configured c;
    c.apply({c.proxy("p", {limit_of(6)})});
    client_socket client(c.listen("p"));
    expect_alive(client);
    auto same = c.proxy("p", {limit_of(6)});
    for (auto const& listen : {std::string("127.0.0.1:0"), std::string("localhost:0"),
                               c.listen("p"), "localhost" + c.listen("p").substr(9)}) {
        same.listen = listen;
        EXPECT_EQ(fate_of("p", c.apply({same, c.proxy("other " + listen)})), "unchanged") << listen;
    }
    client.send("ping");
    EXPECT_EQ(client.receive_all(), "pi");  // the toxic counted on
}

TEST(reconfigure, takes_all_addresses_of_any_spelling_as_the_same)
{
    configured c;
    auto any = c.proxy("p");
    any.listen = ":0";
    c.apply({any});
    auto const port = c.listen("p").substr(4);  // [::]:1234
    for (auto const* host : {"", "0.0.0.0", "[::]"})
        for (auto const& each : {std::string(":0"), port}) {
            any.listen = host + each;
            EXPECT_EQ(fate_of("p", c.apply({any})), "unchanged") << any.listen;
        }
    any.listen = "127.0.0.1:0";
    EXPECT_EQ(fate_of("p", c.apply({any})), "updated");
}

TEST(reconfigure, restarts_only_what_moves)
{
    configured c;
    upstream_server const other([](client_socket peer) { peer.send("other"); });
    c.apply({c.proxy("p"), c.proxy("q")});
    auto const listen = c.listen("p");
    client_socket moved(listen);
    client_socket kept(c.listen("q"));
    expect_alive(moved);
    expect_alive(kept);
    auto changed = c.proxy("p");
    changed.upstream = other.address();
    auto const done = c.apply({c.proxy("q"), changed});
    EXPECT_EQ(done.updated, names{"p"});
    EXPECT_EQ(done.unchanged, names{"q"});
    EXPECT_EQ(moved.receive_all(), "");
    expect_alive(kept);
    EXPECT_EQ(c.listen("p"), listen);  // port 0 is any port, this one too
    EXPECT_EQ(client_socket(listen).receive(5), "other");
}

TEST(reconfigure, switches_proxies_off_and_on)
{
    configured c;
    c.apply({c.proxy("p")});
    auto const listen = c.listen("p");
    auto off = c.proxy("p");
    off.enabled = false;
    EXPECT_EQ(fate_of("p", c.apply({off})), "updated");
    EXPECT_EQ(fate_of("p", c.apply({off})), "unchanged");
    EXPECT_THROW(client_socket{listen}, std::system_error);
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p")})), "updated");
    client_socket client(listen);
    expect_alive(client);
}

TEST(reconfigure, lets_proxies_change_their_ports_with_each_other)
{
    configured c;
    c.apply({c.proxy("p"), c.proxy("q")});
    auto p = c.proxy("p");
    auto q = c.proxy("q");
    p.listen = c.listen("q");
    q.listen = c.listen("p");
    auto const done = c.apply({p, q});
    EXPECT_EQ(done.updated, (names{"p", "q"}));
    EXPECT_EQ(c.listen("p"), p.listen);
    EXPECT_EQ(c.listen("q"), q.listen);
    p.name = "r";  // a port of a proxy that goes
    EXPECT_EQ(c.apply({p, q}).created, names{"r"});
}

TEST(reconfigure, changes_a_label_for_who_comes_next)
{
    configured c;
    c.apply({c.proxy("p")});
    client_socket client(c.listen("p"));
    expect_alive(client);
    auto labelled = c.proxy("p");
    labelled.label = "x";
    EXPECT_EQ(fate_of("p", c.apply({labelled})), "updated");
    EXPECT_EQ(fate_of("p", c.apply({labelled})), "unchanged");
    expect_alive(client);
    EXPECT_EQ(c.engine.proxy("p").value().label, "x");
}

TEST(reconfigure, makes_a_proxy_of_another_seed_anew)
{
    configured c;
    c.apply({c.proxy("p")});
    client_socket client(c.listen("p"));
    expect_alive(client);
    auto seeded = c.proxy("p");
    seeded.seed = 5;
    EXPECT_EQ(fate_of("p", c.apply({seeded})), "updated");
    EXPECT_EQ(client.receive_all(), "");
    EXPECT_EQ(c.engine.proxy("p").value().seed, 5U);
    EXPECT_EQ(fate_of("p", c.apply({seeded})), "unchanged");
}

TEST(reconfigure, touches_only_toxics_that_differ)
{
    configured c;
    toxic_config const noop{"n", "noop", stream::upstream, 1, {}};
    c.apply({c.proxy("p", {limit_of(6), noop})});
    client_socket client(c.listen("p"));
    expect_alive(client);
    toxic_config const slices{"", "slicer", stream::downstream, 1, {{"average_size", 1}}};
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p", {slices, limit_of(7)})})), "updated");
    auto const toxics = c.engine.toxics("p").value();
    ASSERT_EQ(toxics.size(), 2U);
    EXPECT_EQ(toxics[0].name, "limit");  // it stays where it was
    EXPECT_EQ(toxics[1].name, "slicer_downstream");
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p", {limit_of(7), slices})})), "unchanged");
    client.send("ping");
    EXPECT_EQ(client.receive_all(), "pin");  // updated, it counted on
}

TEST(reconfigure, adds_a_toxic_of_another_kind_anew)
{
    configured c;
    auto before = limit_of(6);
    c.apply({c.proxy("p", {before})});
    auto of_another_stream = before;
    of_another_stream.direction = stream::upstream;
    auto of_another_type = before;
    of_another_type.type = "noop";
    of_another_type.attributes = {};
    auto of_another_seed = before;
    of_another_seed.aim.seed = 1;
    for (auto const& each : {of_another_stream, of_another_type, of_another_seed, before}) {
        EXPECT_EQ(fate_of("p", c.apply({c.proxy("p", {each})})), "updated");
        auto const toxics = c.engine.toxics("p").value();
        ASSERT_EQ(toxics.size(), 1U);
        EXPECT_EQ(toxics[0].type, each.type);
        EXPECT_EQ(toxics[0].direction, each.direction);
        EXPECT_EQ(toxics[0].aim.seed, each.aim.seed);
    }
}

TEST(reconfigure, does_not_begin_the_time_of_an_equal_toxic_anew)
{
    configured c;
    auto brief = limit_of(6);
    brief.aim.ttl_ms = 300;
    c.apply({c.proxy("p", {brief})});
    // It is over in time, and asked for once more then.
    EXPECT_TRUE(
        eventually([&] { return fate_of("p", c.apply({c.proxy("p", {brief})})) == "updated"; }));
}

TEST(reconfigure, knows_a_toxic_that_its_schedule_has_changed)
{
    configured c;
    auto planned = limit_of(6);
    using action = schedule_step::action;
    planned.aim.schedule = {{0, action::update, 0.5F, {{"bytes", 99}}},
                            {time_ms_max, action::remove, {}, {}}};
    c.apply({c.proxy("p", {planned})});
    ASSERT_TRUE(eventually([&] { return c.engine.toxic("p", "limit").value().toxicity == 0.5F; }));
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p", {planned})})), "unchanged");
    auto as_told = planned;
    as_told.toxicity = 0.5F;
    as_told.attributes = {{"bytes", 99}};
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p", {as_told})})), "unchanged");
    as_told.toxicity = 0.25F;
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p", {as_told})})), "updated");
    // The schedule begins anew.
    EXPECT_TRUE(eventually([&] { return c.engine.toxic("p", "limit").value().toxicity == 0.5F; }));
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p", {limit_of(6)})})), "updated");
    EXPECT_FALSE(c.engine.toxic("p", "limit").value().aim.schedule);
}

TEST(reconfigure, leaves_toxics_of_a_lease_to_who_holds_it)
{
    configured c;
    c.apply({c.proxy("p")});
    auto leased = limit_of(6);
    leased.aim.lease = c.engine.open_lease(time_ms_max).value().id;
    c.engine.add_toxic("p", leased).value();
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p")})), "unchanged");
    EXPECT_TRUE(c.engine.toxic("p", "limit"));
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p", {limit_of(6)})})), "updated");
    EXPECT_EQ(c.engine.toxic("p", "limit").value().aim.lease, "");
}

TEST(reconfigure, keeps_toxics_if_told_to)
{
    configured c;
    c.apply({c.proxy("p", {limit_of(6)})});
    EXPECT_EQ(fate_of("p", c.engine.reconfigure({c.proxy("p")}, true).value()), "unchanged");
    EXPECT_TRUE(c.engine.toxic("p", "limit"));
}

TEST(reconfigure, of_what_is_wrong_changes_nothing)
{
    configured c;
    c.apply({c.proxy("p")});
    client_socket client(c.listen("p"));
    expect_alive(client);
    auto wrong = c.proxy("");
    EXPECT_EQ(c.fault({c.proxy("q"), wrong}), "missing required field: name at proxy 2");
    wrong = c.proxy("w");
    wrong.upstream = "";
    EXPECT_EQ(c.fault({wrong}), "missing required field: upstream at proxy 1");
    EXPECT_EQ(c.fault({c.proxy("q"), c.proxy("q")}),
              "'name' must be unique, and 'q' is used twice at proxy 2");
    wrong = c.proxy("w");
    wrong.listen = "nowhere.invalid:1";
    EXPECT_NE(c.fault({wrong}).find("'listen': lookup nowhere.invalid"), std::string::npos)
        << c.fault({wrong});
    EXPECT_EQ(
        c.fault({c.proxy("w", {limit_of(-1)})}).find("bad request body: attribute 'bytes' must"),
        0U)
        << c.fault({c.proxy("w", {limit_of(-1)})});
    auto leased = limit_of(1);
    leased.aim.lease = "over";
    EXPECT_EQ(c.fault({c.proxy("w", {leased})}),
              "bad request body: 'lease' must be one that has not ended, not 'over' at proxy 1");
    ASSERT_EQ(c.engine.proxies().size(), 1U);
    expect_alive(client);
}

TEST(reconfigure, goes_on_past_a_proxy_that_cannot_listen)
{
    configured c;
    c.apply({c.proxy("p"), c.proxy("q")});
    auto taken = c.proxy("p");
    taken.listen = c.server.address();
    upstream_server other(echo);
    auto fresh = c.proxy("new");
    fresh.listen = other.address();
    auto const done = c.apply({taken, fresh, c.proxy("q"), c.proxy("r")});
    EXPECT_EQ(done.unchanged, names{"q"});
    EXPECT_EQ(done.created, names{"r"});
    ASSERT_EQ(done.failed.size(), 2U);
    EXPECT_EQ(done.failed[0].first, "p");
    EXPECT_EQ(done.failed[1].first, "new");
    for (auto const& [name, why] : done.failed)
        EXPECT_EQ(why.text, "listen tcp " + (name == "p" ? c.server : other).address() +
                                ": bind: address already in use");
    EXPECT_FALSE(c.engine.proxy("p").value().enabled);
    EXPECT_FALSE(c.engine.proxy("new"));
    EXPECT_EQ(fate_of("p", c.apply({c.proxy("p")})), "updated");
    client_socket client(c.listen("p"));
    expect_alive(client);
}

TEST(reconfigure, refuses_two_proxies_in_each_others_way_and_changes_nothing)
{
    configured c;
    c.apply({c.proxy("p")});
    auto const before = c.listen("p");
    auto const port = before.substr(before.find(':'));
    auto one = c.proxy("one");
    one.listen = "localhost" + port;
    auto other = c.proxy("other");
    other.listen = port;
    EXPECT_EQ(c.fault({one, other}),
              "'listen' must not be that of another enabled proxy: 'one' (localhost" + port +
                  ") and 'other' (" + port + ") both want port " + port.substr(1) + " at proxy 2");
    EXPECT_EQ(c.listen("p"), before);
    EXPECT_EQ(c.engine.proxies().size(), 1U);
    other.enabled = false;
    c.apply({one, other});  // the port of one that goes is free
    EXPECT_EQ(c.listen("one"), before);
}

TEST(reconfigure, is_one_change_for_who_edits_at_the_same_time)
{
    configured c;
    std::vector<proxy_config> const one{c.proxy("p", {limit_of(6)}), c.proxy("q")};
    std::vector<proxy_config> const other{c.proxy("p"), c.proxy("r")};
    c.apply(one);
    std::atomic<bool> stop = false;
    std::thread editor([&] {
        while (!stop) {
            (void)c.engine.add_toxic("p", {"mine", "noop", stream::upstream, 1, {}});
            (void)c.engine.update("q", {.listen = {}, .upstream = {}, .enabled = false});
            (void)c.engine.remove_toxic("p", "limit");
            EXPECT_EQ(c.engine.proxies().size(), 2U);
        }
    });
    for (int i = 0; i < 100; ++i)
        c.apply(i % 2 == 0 ? other : one);
    stop = true;
    editor.join();
    c.apply(one);
    EXPECT_EQ(c.engine.toxics("p").value().size(), 1U);
    EXPECT_TRUE(c.engine.proxy("q").value().enabled);
}

}  // namespace
}  // namespace aconite::testing
