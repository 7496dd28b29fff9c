// The same seed, connections and bytes meet the same faults, whatever threads and reads do.
#include "tests/integration/engine/engine_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <random>
#include <set>
#include <vector>

namespace aconite::testing {
namespace {

constexpr std::size_t connections = 24;
constexpr int runs = 10;

/// What each connection came to, in order of opening.
using outcome = std::vector<std::string>;

/// What is drawn or counted for each connection and byte. The slicer and the latency decide nothing
/// that is seen here: they cut and delay what the others are told of.
std::vector<toxic_config> faults()
{
    auto const corrupt = [](std::string name, stream on, float toxicity, double rate) {
        return toxic_config{std::move(name), "corrupt", on, toxicity, {{"rate", rate}}};
    };
    auto third = corrupt("third", stream::downstream, 1, 0.001);
    third.aim.match = {{"every", 3}};
    auto fifth = corrupt("fifth", stream::downstream, 1, 0.5);
    fifth.aim.match = {{"ordinal", 5}};
    auto triggered = corrupt("triggered", stream::downstream, 0.5, 0.02);
    triggered.aim.trigger = {{"after_bytes", 5'000},
                             {"after_hits", 3},
                             {"every", 2},
                             {"times", 50},
                             {"scope", "connection"}};
    // Segments of one byte, since larger ones begin anew with each read.
    named_numbers const bursts{{"p", 0.01}, {"r", 0.3}};
    return {
        corrupt("up", stream::upstream, 0.5, 0.01),
        {"slices", "slicer", stream::upstream, 0.5, {{"average_size", 700}, {"delay", 10}}},
        {"late", "latency", stream::downstream, 0.5, {{"latency", 2}, {"jitter", 2}}},
        corrupt("down", stream::downstream, 0.3F, 0.01),
        third,
        fifth,
        triggered,
        {"hole",
         "loss",
         stream::downstream,
         0.4F,
         {{"mode", "discard"}, {"segment", 1}, {"gemodel", bursts}}},
        {"reset", "reset_peer", stream::upstream, 0.25, {{"timeout", 0}}},
    };
}

/// What comes back of the rest that is sent from an echo; "reset" if nothing more does.
std::string echoed(client_socket& client, std::string_view rest)
{
    try {
        client.send(rest);
        client.shut_write();
        return client.receive_all();
    } catch (std::system_error const&) {
        return "reset";
    }
}

/// Sends most of `bytes` on each connection in random pieces, each of which is read by itself. What
/// it has not sent.
std::vector<std::string_view> send_in_pieces(engine const& target,
                                             std::deque<client_socket>& clients,
                                             std::string_view bytes, std::mt19937 dice)
{
    std::vector<std::uint64_t> sent(clients.size());
    for (int round = 0; round < 8; ++round) {
        for (std::size_t i = 0; i < clients.size(); ++i) {
            auto const piece = bytes.substr(sent[i], 1 + dice() % (bytes.size() / 8));
            sent[i] += piece.size();
            (void)::send(clients[i].fd(), piece.data(), piece.size(), MSG_NOSIGNAL);
        }
        EXPECT_TRUE(eventually([&] {
            return std::ranges::all_of(target.connections(), [&](connection_info const& c) {
                return c.received_bytes[0] == sent[c.ordinal];
            });
        }));
    }
    std::vector<std::string_view> rests;
    for (auto const each : sent)
        rests.push_back(bytes.substr(each));
    return rests;
}

struct setting {
    std::uint64_t seed = 1;
    std::optional<std::uint64_t> proxy_seed{};
    std::vector<toxic_config> toxics = faults();
};

/// Opens the connections one after another and uses them all at once; `run` says in what pieces.
outcome of(setting const& wanted, unsigned shards, unsigned run)
{
    std::atomic<std::size_t> dialled = 0;
    upstream_server const server([&](client_socket peer) {
        ++dialled;
        echo(std::move(peer));
    });
    engine target({.shards = shards, .seed = wanted.seed});
    proxy_config proxy{"p", "127.0.0.1:0", server.address(), true, wanted.toxics};
    proxy.seed = wanted.proxy_seed;
    auto const listen = target.create(std::move(proxy)).value().listen;

    auto const sent = pattern(32'768);
    outcome seen(connections);
    std::deque<client_socket> clients;
    while (clients.size() < connections) {
        clients.emplace_back(listen);
        EXPECT_TRUE(eventually([&] { return dialled == clients.size(); }));
    }
    auto const rests = send_in_pieces(target, clients, sent, std::mt19937(run));
    for (std::size_t i = 0; i < connections; ++i)
        seen[i] = echoed(clients[i], rests[i]);
    return seen;
}

/// Connections whose outcome differs.
std::vector<std::size_t> differences(outcome const& a, outcome const& b)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < connections; ++i)
        if (a[i] != b[i])
            found.push_back(i);
    return found;
}

std::vector<std::size_t> const none;

TEST(seed, decides_alike_with_any_number_of_threads)
{
    auto const first = of({}, 1, 0);
    EXPECT_GT(std::set(first.begin(), first.end()).size(), connections / 2);
    auto const resets = std::ranges::count(first, "reset");
    EXPECT_GT(resets, 0);
    EXPECT_LT(resets, connections / 2);
    for (unsigned run = 0; run < runs; ++run)
        for (unsigned const shards : {1U, 4U})
            EXPECT_EQ(differences(of({}, shards, run), first), none) << shards << ", run " << run;
}

TEST(seed, of_another_number_decides_otherwise)
{
    EXPECT_GT(differences(of({.seed = 1}, 4, 0), of({.seed = 2}, 4, 0)).size(), connections / 2);
}

TEST(seed, of_the_proxy_stands_before_the_engines)
{
    auto const first = of({.seed = 1, .proxy_seed = 7}, 4, 0);
    EXPECT_EQ(differences(of({.seed = 2, .proxy_seed = 7}, 4, 1), first), none);
    EXPECT_EQ(differences(of({.seed = 7}, 4, 1), first), none);
}

TEST(seed, of_the_toxic_stands_before_the_proxys)
{
    auto own = faults();
    for (auto& each : own)
        each.aim.seed = 7;
    auto const first = of({.seed = 1, .proxy_seed = 3, .toxics = own}, 4, 0);
    EXPECT_EQ(differences(of({.seed = 2, .toxics = own}, 4, 1), first), none);
    EXPECT_EQ(differences(of({.seed = 7}, 4, 1), first), none);
}

TEST(seed, decides_for_a_toxic_whatever_stands_beside_it)
{
    auto more = faults();
    more.insert(more.begin(), {"first", "noop", stream::downstream, 0.5, {}});
    more.push_back({"last", "latency", stream::upstream, 1, {{"latency", 1}}});
    EXPECT_EQ(differences(of({.toxics = more}, 4, 1), of({}, 4, 0)), none);
}

/// Whether each of several messages is late is drawn by its place in the stream. A message that is
/// late by years holds those behind it.
outcome messages_in_time(unsigned shards)
{
    constexpr std::uint64_t message_bytes = 100;
    constexpr std::uint64_t messages = 10;
    outcome seen(connections);
    std::atomic<std::size_t> dialled = 0;
    upstream_server const server([&](client_socket peer) {
        auto& all = seen[dialled++];
        all = peer.receive_all();
    });
    proxied p(server.address(), {.shards = shards, .seed = 1});
    p.add("latency", stream::upstream, {{"jitter", time_ms_max}});
    std::deque<client_socket> clients;
    while (clients.size() < connections) {
        clients.emplace_back(p.listen);
        EXPECT_TRUE(eventually([&] { return dialled == clients.size(); }));
    }
    for (std::uint64_t sent = message_bytes; sent <= messages * message_bytes;
         sent += message_bytes) {
        for (auto& each : clients)
            each.send(pattern(message_bytes));
        EXPECT_TRUE(eventually([&] {
            return std::ranges::all_of(p.engine.connections(),
                                       [&](auto& c) { return c.received_bytes[0] == sent; });
        }));
    }
    p.engine.remove("p").value();
    clients.clear();
    return seen;
}

TEST(seed, draws_the_delay_of_a_message_by_its_place)
{
    auto const first = messages_in_time(1);
    EXPECT_GT(std::set(first.begin(), first.end()).size(), 3U);
    for (int run = 0; run < runs; ++run)
        for (unsigned const shards : {1U, 4U})
            EXPECT_EQ(differences(messages_in_time(shards), first), none) << shards;
}

/// Who is reset when the connection is accepted.
outcome let_in(unsigned shards)
{
    upstream_server const server(echo);
    proxied p(server.address(), {.shards = shards, .seed = 1});
    p.add("accept", stream::upstream, {{"mode", "reset"}, {"rate", 0.5}});
    outcome seen;
    while (seen.size() < connections) {
        try {
            client_socket client(p.listen);
            seen.push_back(echoed(client, "x"));
        } catch (std::system_error const&) {
            seen.push_back("reset");  // before connect() was back
        }
    }
    return seen;
}

TEST(seed, draws_who_is_let_in)
{
    auto const first = let_in(1);
    EXPECT_EQ(std::set(first.begin(), first.end()), (std::set<std::string>{"reset", "x"}));
    for (int run = 0; run < runs; ++run)
        for (unsigned const shards : {1U, 4U})
            EXPECT_EQ(differences(let_in(shards), first), none) << shards;
}

}  // namespace
}  // namespace aconite::testing
