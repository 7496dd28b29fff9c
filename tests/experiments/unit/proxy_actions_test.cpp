// What a proxy does: against a real server, and against one that answers as Toxiproxy does.
#include "api/http/server.hpp"
#include "api/routes/handlers.hpp"
#include "clients/experiment/actions/netem.hpp"
#include "tests/experiments/unit/action_fixture.hpp"

#include <aconite/client.hpp>
#include <aconite/engine.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t ms = 1'000'000;

class proxy_actions : public action_fixture {
protected:
    explicit proxy_actions(bool extras = true)
        : server_of_it(api::router(api::all_routes(engine_in_it, {.extras = extras})), {})
    {
        url = "http://" + server_of_it.start("127.0.0.1", "0").value();
        where.servers[""] = {.url = url};
        where.seed = 42;
        for (auto const* name : {"db", "kafka"}) {
            proxy_config proxy;
            proxy.name = name;
            proxy.listen = "127.0.0.1:0";
            proxy.upstream = "127.0.0.1:9";
            EXPECT_TRUE(there().create(proxy));
        }
        if (extras)
            where.leases[""] = there().open_lease(60'000).value().id;
    }

    [[nodiscard]] client::server there() const { return client::server({.url = url}); }
    [[nodiscard]] std::vector<toxic_info> toxics(std::string_view proxy = "db") const
    {
        return there().toxics(proxy).value();
    }

    /// A connection through the proxy; whether it was accepted.
    [[nodiscard]] bool connects(std::string const& proxy) const
    {
        auto const listen = there().proxy(proxy)->listen;
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port =
            htons(static_cast<std::uint16_t>(std::stoi(listen.substr(listen.rfind(':') + 1))));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool const done =
            ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(descriptor);
        return done;
    }

    engine engine_in_it;
    api::server server_of_it;
    std::string url;
    target db{.name = "orders", .proxy = "db"};
    target kafka{.name = "kafka", .proxy = "kafka"};
};

TEST_F(proxy_actions, a_toxic_is_added_with_lease_and_seed_and_removed_by_its_record)
{
    auto const toxic = make("toxic",
                            {{"type", "latency"},
                             {"attributes", {{"latency", "100ms"}, {"jitter", 5}}},
                             {"toxicity", 0.5},
                             {"stream", "upstream"},
                             {"trigger", {{"every", 2}}},
                             {"ttl", 60'000 * ms}},
                            {&db})
                           .value();
    auto const plan = begin(*toxic);
    ASSERT_EQ(plan.size(), 1u);
    ASSERT_EQ(toxics().size(), 1u);
    auto const added = toxics().front();
    EXPECT_EQ(added.name, "experiment-latency-1");
    EXPECT_EQ(added.direction, stream::upstream);
    EXPECT_FLOAT_EQ(added.toxicity, 0.5F);
    auto const told = json::parse(
        there().request("GET", client::toxic_path("db", "experiment-latency-1")).value());
    EXPECT_EQ(told["attributes"]["latency"], 100);
    EXPECT_EQ(told["lease"], where.leases[""]);
    EXPECT_EQ(told["seed"], 42);
    EXPECT_EQ(told["ttl"], 60'000);
    undo_all(plan);
    EXPECT_TRUE(toxics().empty());
    undo_all(plan);
}

TEST_F(proxy_actions, hits_are_the_servers)
{
    auto const toxic =
        make("toxic", {{"type", "accept"}, {"attributes", {{"mode", "reset"}}}}, {&db}).value();
    auto const plan = begin(*toxic);
    EXPECT_EQ(toxic->look()->hits, 0u);
    EXPECT_EQ(toxic->look()->text, "0 hits on 0 connections");
    EXPECT_TRUE(connects("db"));
    EXPECT_TRUE(soon([&] { return toxic->look()->hits == 1u; }));
    EXPECT_EQ(toxic->look()->text, "1 hit on 1 connection");
    undo_all(plan);
    EXPECT_EQ(toxic->look()->hits, 1u);  // it is remembered
}

TEST_F(proxy_actions, one_that_somebody_removed_was_not_in_force_to_its_end)
{
    auto const toxic = make("toxic", {{"type", "noop"}}, {&db}).value();
    auto const plan = begin(*toxic);
    EXPECT_EQ(toxic->look()->ended_early, "");
    auto const brief = make("toxic", {{"type", "noop"}, {"ttl", 60'000 * ms}}, {&db}).value();
    auto const brief_plan = begin(*brief);
    for (auto const& each : toxics())
        ASSERT_TRUE(there().request("DELETE", client::toxic_path("db", each.name)));
    EXPECT_EQ(toxic->look()->ended_early,
              "toxic 'experiment-noop-1' of proxy 'db' was removed before its time");
    EXPECT_EQ(brief->look()->ended_early, "");  // its time is the server's
    undo_all(brief_plan);
    undo_all(plan);
}

TEST_F(proxy_actions, a_proxy_that_is_not_there_is_found_before_the_load)
{
    target gone{.name = "gone", .proxy = "gone"};
    for (auto const& [name, how] : {std::pair<char const*, json>("toxic", {{"type", "noop"}}),
                                    std::pair<char const*, json>("down", json::object())}) {
        EXPECT_TRUE(make(name, how, {&db}).value()->find());
        auto const found = make(name, how, {&gone}).value()->find();
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error().text, "proxy 'gone': proxy not found");
    }
}

TEST_F(proxy_actions, one_of_another_lease_is_not_ours)
{
    auto const toxic = make("toxic", {{"type", "noop"}}, {&db}).value();
    auto const plan = begin(*toxic);
    ASSERT_TRUE(there().end_lease(where.leases[""]));
    ASSERT_TRUE(toxics().empty());
    ASSERT_TRUE(there().request("POST", "/proxies/db/toxics",
                                R"({"type": "noop", "name": "experiment-noop-1"})"));
    undo_all(plan);
    EXPECT_EQ(toxics().size(), 1u);
}

TEST_F(proxy_actions, a_name_that_is_taken_is_refused_or_avoided)
{
    ASSERT_TRUE(there().request("POST", "/proxies/db/toxics",
                                R"({"type": "noop", "name": "experiment-noop-1"})"));
    auto const named = make("toxic", {{"type", "noop"}, {"name", "experiment-noop-1"}}, {&db});
    auto const taken = named.value()->undo_plan();
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().text, "proxy 'db' has a toxic 'experiment-noop-1' already");
    auto const plan = begin(*make("toxic", {{"type", "noop"}}, {&db}).value());
    EXPECT_EQ(plan.front()["name"], "experiment-noop-2");
    undo_all(plan);
    EXPECT_EQ(toxics().size(), 1u);
}

TEST_F(proxy_actions, what_the_server_refuses_is_told)
{
    auto const toxic = make("toxic", {{"type", "no such\x1b[31m"}}, {&db}).value();
    ASSERT_TRUE(toxic->undo_plan());
    EXPECT_EQ(toxic->start().error().text,
              "toxic no such\\x1b[31m on proxy 'db': invalid toxic type");
    target gone{.name = "gone", .proxy = "gone"};
    auto const nowhere = make("toxic", {{"type", "noop"}}, {&gone}).value()->undo_plan();
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().text, "proxy 'gone': proxy not found");
    EXPECT_TRUE(undo({{"kind", "toxic"}, {"server_url", url}, {"proxy", "gone"}, {"name", "x"}}));
    where.servers[""].url = "http://127.0.0.1:1";
    EXPECT_NE(
        make("down", json::object(), {&db}).value()->undo_plan().error().text.find("cannot reach"),
        std::string::npos);
}

TEST_F(proxy_actions, targets_that_make_no_sense_are_refused_at_once)
{
    target elsewhere{.name = "x", .server = "other", .proxy = "db"};
    target box{.name = "box", .container = "box"};
    EXPECT_EQ(refusal("toxic", {{"type", "noop"}}, {&elsewhere}),
              "target 'x': there is no server 'other'");
    for (auto const* name : {"down", "up", "partition"})
        EXPECT_EQ(refusal(name, json::object(), {&box}),
                  "target 'box' has no proxy in front of it");
    EXPECT_EQ(refusal("partition", json::object(), {}), "partition: at least one target is needed");
    EXPECT_EQ(refusal("toxic", json::object(), {&db}), "toxic: 'type' is missing, as latency");
}

TEST_F(proxy_actions, a_preset_is_short_for_a_toxic_of_the_protocol)
{
    ASSERT_TRUE(there().request("POST", "/proxies/db", R"({"protocol": "postgres"})"));
    auto const plan = begin(*make("preset",
                                  {{"preset", "lose_commit_ack"},
                                   {"attributes", {{"rate", 0.5}}},
                                   {"trigger", {{"times", 1}}}},
                                  {&db})
                                 .value());
    ASSERT_EQ(toxics().size(), 1u);
    EXPECT_EQ(toxics().front().type, "postgres");
    auto const told = json::parse(there().request("GET", "/proxies/db/toxics").value())[0];
    EXPECT_EQ(told["attributes"]["preset"], "lose_commit_ack");
    EXPECT_EQ(told["attributes"]["rate"], 0.5);
    EXPECT_EQ(told["trigger"]["times"], 1);
    undo_all(plan);
    EXPECT_TRUE(toxics().empty());
    EXPECT_NE(refusal("preset", {{"preset", "deadlock"}, {"attributes", {{"preset", "y"}}}}, {&db})
                  .find("named twice"),
              std::string::npos);
    EXPECT_EQ(refusal("preset", {{"preset", "lodaing"}}, {&db}),
              "preset: no protocol has one called 'lodaing', did you mean 'loading'?");
}

TEST_F(proxy_actions, a_partition_is_one_toxic_for_each_proxy)
{
    auto const cut = make("partition", json::object(), {&db, &kafka}).value();
    auto const plan = begin(*cut);
    for (auto const* name : {"db", "kafka"}) {
        ASSERT_EQ(toxics(name).size(), 1u);
        EXPECT_EQ(toxics(name).front().type, "partition");
    }
    undo_all(plan);
    EXPECT_TRUE(toxics("db").empty() && toxics("kafka").empty());
}

TEST_F(proxy_actions, one_that_fails_in_part_is_undone_in_full)
{
    target gone{.name = "gone", .proxy = "soon gone"};
    ASSERT_TRUE(
        there().request("POST", "/proxies",
                        R"({"name": "soon gone", "listen": "127.0.0.1:0", "upstream": "a:1"})"));
    auto const cut = make("partition", json::object(), {&db, &gone}).value();
    auto const plan = cut->undo_plan().value();
    ASSERT_TRUE(there().remove("soon gone"));
    EXPECT_EQ(cut->start().error().text, "toxic partition on proxy 'soon gone': proxy not found");
    EXPECT_EQ(toxics().size(), 1u);
    undo_all(plan);
    EXPECT_TRUE(toxics().empty());
}

TEST_F(proxy_actions, down_is_undone_only_if_it_was_up)
{
    auto const down = make("down", json::object(), {&db}).value();
    auto const plan = begin(*down);
    EXPECT_FALSE(there().proxy("db")->enabled);
    EXPECT_FALSE(connects("db"));
    EXPECT_EQ(down->look()->hits, std::nullopt);
    EXPECT_EQ(down->look()->text, "it did not listen");
    auto const again = make("down", json::object(), {&db}).value();
    EXPECT_TRUE(begin(*again).empty());
    EXPECT_EQ(again->look()->text, "it did not listen, as before");
    undo_all(plan);
    EXPECT_TRUE(there().proxy("db")->enabled);
    EXPECT_TRUE(connects("db"));
    undo_all(plan);
    EXPECT_EQ(down->look()->text, "it listened: somebody else changed that");
    EXPECT_TRUE(begin(*make("up", json::object(), {&db}).value()).empty());
    ASSERT_TRUE(there().request("POST", "/proxies/db", R"({"enabled": false})"));
    auto const up = begin(*make("up", json::object(), {&db}).value());
    EXPECT_TRUE(there().proxy("db")->enabled);
    undo_all(up);
    EXPECT_FALSE(there().proxy("db")->enabled);
    ASSERT_TRUE(there().remove("db"));
    undo_all(plan);
}

TEST_F(proxy_actions, netem_is_done_by_the_proxy)
{
    auto const netem = make("netem",
                            {{"delay", 100 * ms},
                             {"jitter", 20 * ms},
                             {"correlation", 0.25},
                             {"distribution", "normal"},
                             {"loss", 0.1},
                             {"rate", "1mbit"},
                             {"interface", "eth0"}},
                            {&db})
                           .value();
    auto const plan = begin(*netem);
    ASSERT_EQ(toxics().size(), 3u);
    for (auto const& each : toxics())
        EXPECT_EQ(each.direction, stream::downstream);
    auto const told = json::parse(there().request("GET", "/proxies/db/toxics").value());
    EXPECT_EQ(told[0]["attributes"]["rate"], 0.1);
    EXPECT_EQ(told[1]["attributes"]["latency"], 100);
    EXPECT_EQ(told[1]["attributes"]["jitter"], 20);
    EXPECT_EQ(told[1]["attributes"]["distribution"], "normal");
    EXPECT_EQ(told[2]["attributes"]["rate"], 125);
    EXPECT_NE(netem->look()->text.find("where interface eth0 means nothing"), std::string::npos);
    undo_all(plan);
    EXPECT_TRUE(toxics().empty());
    auto const both = begin(*make("netem", {{"delay", ms}, {"stream", "both"}}, {&db}).value());
    EXPECT_EQ(toxics().size(), 2u);
    undo_all(both);
    EXPECT_TRUE(toxics().empty());
}

TEST_F(proxy_actions, all_that_is_lost_is_a_partition)
{
    auto const plan = begin(*make("netem", {{"loss", 1.0}, {"interface", "eth0"}}, {&db}).value());
    ASSERT_EQ(toxics().size(), 1u);
    EXPECT_EQ(toxics().front().type, "partition");
    undo_all(plan);
}

TEST_F(proxy_actions, netem_that_makes_no_sense_is_refused)
{
    target box{.name = "box", .container = "box"};
    auto const says = [&](json const& how, std::string_view wanted, target const* on = nullptr) {
        auto const text = refusal("netem", how, {on != nullptr ? on : &db});
        EXPECT_NE(text.find(wanted), std::string::npos) << how.dump() << ": " << text;
    };
    says(json::object(), "one of 'delay', 'loss' and 'rate' is needed");
    says({{"jitter", ms}, {"loss", 0.1}}, "'jitter' needs a 'delay'");
    says({{"delay", ms}, {"loss_correlation", 0.1}}, "'loss_correlation' needs a 'loss'");
    for (auto const* rate : {"", "0", "fast", "-1mbit", "1 mbit", "1e99"})
        says({{"rate", rate}}, "'rate' is no rate");
    says({{"delay", ms}, {"image", "x"}}, "'image' is for 'via: container'");
    says({{"delay", ms}}, "has no proxy in front of it; netem is done by one", &box);
    says({{"delay", ms}, {"via", "container"}}, "is no container");
    says({{"delay", ms}, {"via", "container"}}, "needs an 'image' that has tc", &box);
    says({{"delay", ms}, {"via", "container"}, {"image", "x"}, {"stream", "both"}}, "means nothing",
         &box);
    auto const words = netem_words(settings_of({{"delay", 100 * ms},
                                                {"jitter", 20 * ms},
                                                {"correlation", 0.25},
                                                {"loss", 0.015},
                                                {"rate", 1e6}}))
                           .value();
    EXPECT_EQ(words, (std::vector<std::string>{"delay", "100000us", "20000us", "25%", "loss",
                                               "random", "1.5%", "rate", "1000000bit"}));
}

/// No leases, no statistics, and nothing that would tell two runs' toxics apart but their names.
class proxy_actions_on_toxiproxy : public proxy_actions {
protected:
    proxy_actions_on_toxiproxy() : proxy_actions(false) {}
};

TEST_F(proxy_actions_on_toxiproxy, toxics_have_names_that_nobody_else_has)
{
    auto const first = make("toxic", {{"type", "latency"}}, {&db}).value();
    auto const second = make("toxic", {{"type", "latency"}}, {&db}).value();
    auto const one = begin(*first);
    auto const other = begin(*second);
    EXPECT_NE(one.front()["name"], other.front()["name"]);
    EXPECT_EQ(toxics().size(), 2u);
    EXPECT_EQ(first->look()->hits, std::nullopt);
    EXPECT_EQ(first->look()->text, "in force; this server counts no hits");
    undo_all(one);
    EXPECT_EQ(toxics().size(), 1u);
    undo_all(one);
    undo_all(other);
    EXPECT_TRUE(toxics().empty());
}

TEST_F(proxy_actions, an_httprequest_is_expected_to_succeed)
{
    auto const well = make("http", {{"url", url + "/version"}}, {}).value();
    EXPECT_TRUE(well->start());
    EXPECT_EQ(well->look()->text, "status 200");
    auto const post =
        make("http",
             {{"url", url + "/proxies"},
              {"body", {{"name", "new"}, {"listen", "127.0.0.1:0"}, {"upstream", "a:1"}}},
              {"expect_status", 201}},
             {})
            .value();
    EXPECT_TRUE(post->start());
    auto const twice = post->start();
    ASSERT_FALSE(twice);
    EXPECT_NE(twice.error().text.find("/proxies answers with status 409: "), std::string::npos);
    for (auto const* bad : {"", "ftp://x", "http://a b/", "http://h:99999999/"})
        EXPECT_NE(refusal("http", {{"url", bad}}, {}).find("http: "), std::string::npos) << bad;
    EXPECT_NE(refusal("http", {{"url", url}, {"method", "GE T"}}, {}).find("'method'"),
              std::string::npos);
    auto const nobody = make("http", {{"url", "http://127.0.0.1:1/"}}, {}).value()->start();
    EXPECT_NE(nobody.error().text.find("cannot reach"), std::string::npos);
}

/// A server that takes connections and says nothing.
TEST_F(proxy_actions, nobody_waits_for_a_server_that_is_silent)
{
    auto const silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(silent, 8), 0);
    ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
    auto const port = std::to_string(ntohs(address.sin_port));
    auto const http =
        make("http", {{"url", "http://127.0.0.1:" + port + "/"}, {"timeout", 50 * ms}}, {});
    EXPECT_NE(http.value()->start().error().text.find("no answer within 50 ms"), std::string::npos);
    auto const sql = make("sql",
                          {{"statement", "SELECT 1"},
                           {"connection", "host=127.0.0.1 sslmode=disable port=" + port},
                           {"timeout", 50 * ms}},
                          {});
    EXPECT_NE(sql.value()->start().error().text.find("no answer within 50 ms"), std::string::npos);
    ::close(silent);
    EXPECT_NE(sql.value()->start().error().text.find("refused"), std::string::npos);
    EXPECT_NE(refusal("sql", {{"statement", "SELECT 1"}}, {}).find("'connection' is missing"),
              std::string::npos);
}

}  // namespace
}  // namespace aconite::experiment
