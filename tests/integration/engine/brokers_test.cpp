// A proxy that keeps the clients of a cluster inside: a listener for each broker it tells of.
#include "engine_fixture.hpp"
#include "proxy/net/address.hpp"
#include "tests/support/knock.hpp"
#include "tests/unit/toxics/kafka/messages.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::testing {
namespace {

namespace kf = aconite::test::kf;
using namespace std::chrono_literals;
using kafka::put_number;

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t count)
{
    std::uint64_t made = 0;
    for (auto const each : bytes.substr(at, count))
        made = made << 8 | static_cast<unsigned char>(each);
    return made;
}

std::uint16_t port_of(std::string const& where)
{
    return static_cast<std::uint16_t>(std::stoi(where.substr(where.rfind(':') + 1)));
}

/// A frame, behind its length; empty at the end.
std::string receive_frame(client_socket& from)
{
    auto const length = from.receive(4);
    return length.size() < 4 ? "" : from.receive(number_at(length, 0, 4));
}

/// What all brokers of a cluster tell: id, host and port of each.
class cluster {
public:
    struct place {
        std::int32_t id;
        std::string host;
        std::uint16_t port;
    };
    void tell(std::vector<place> places)
    {
        std::lock_guard const hold(lock_);
        places_ = std::move(places);
    }
    /// The body of a Metadata answer of version 0.
    std::string metadata()
    {
        std::lock_guard const hold(lock_);
        std::string made;
        put_number(made, places_.size(), 4);
        for (auto const& each : places_) {
            put_number(made, static_cast<std::uint64_t>(each.id), 4);
            put_number(made, each.host.size(), 2);
            made += each.host;
            put_number(made, each.port, 4);
        }
        put_number(made, 0, 4);
        return made;
    }

private:
    std::mutex lock_;
    std::vector<place> places_;
};

/// A broker. It tells where all are, and to a heartbeat who it is, as an error.
class broker {
public:
    broker(cluster& of, std::int16_t who)
        : server_([&of, who](client_socket peer) { serve(of, who, std::move(peer)); })
    {}
    [[nodiscard]] std::string const& address() const { return server_.address(); }
    [[nodiscard]] cluster::place place(std::int32_t id) const
    {
        return {id, "127.0.0.1", port_of(address())};
    }

private:
    static void serve(cluster& of, std::int16_t who, client_socket peer)
    {
        for (auto asked = receive_frame(peer); !asked.empty(); asked = receive_frame(peer)) {
            auto answer = asked.substr(4, 4);
            if (number_at(asked, 0, 2) == static_cast<std::uint64_t>(kf::metadata))
                answer += of.metadata();
            else
                put_number(answer, static_cast<std::uint64_t>(who), 2);
            peer.send(test::with_length(answer));
        }
    }
    upstream_server server_;
};

/// Where a client is told that brokers are.
std::map<std::int64_t, std::string> places_told(std::string const& listen)
{
    client_socket client(listen);
    client.send(kf::request(kf::metadata, 0));
    auto const told = receive_frame(client);
    std::map<std::int64_t, std::string> made;
    std::size_t at = 8;
    for (auto left = number_at(told, 4, 4); left > 0; --left) {
        auto const size = number_at(told, at + 4, 2);
        made[static_cast<std::int64_t>(number_at(told, at, 4))] =
            told.substr(at + 6, size) + ":" + std::to_string(number_at(told, at + 6 + size, 4));
        at += 10 + size;
    }
    return made;
}

/// Which broker is reached there; 0: none.
int reached(client_socket& client)
{
    client.send(kf::request(kf::heartbeat, 0));
    auto const told = receive_frame(client);
    return told.empty() ? 0 : static_cast<int>(number_at(told, 4, 2));
}
int reached(std::string const& where)
{
    try {
        client_socket client(where);
        return reached(client);
    } catch (std::system_error const&) {
        return 0;
    }
}

/// Three brokers, and a proxy in front of the first.
struct clustered {
    explicit clustered(broker_settings settings = {}, std::string upstream = {})
    {
        proxy_config config{"p", "127.0.0.1:0", upstream.empty() ? one.address() : upstream};
        config.protocol = "kafka";
        config.brokers = std::move(settings);
        listen = engine.create(config).value().listen;
        all.tell({one.place(1), two.place(2), three.place(3)});
    }
    std::vector<broker_info> seen() { return engine.proxy("p").value().brokers_seen; }
    /// Whether the journal tells of something.
    bool tells(std::string_view what)
    {
        return std::ranges::any_of(engine.read_journal({}).value().records, [&](auto const& each) {
            return each.text.find(what) != std::string::npos;
        });
    }

    cluster all;
    broker one{all, 1};
    broker two{all, 2};
    broker three{all, 3};
    aconite::engine engine;
    std::string listen;
};

TEST(brokers, are_reached_through_the_proxy)
{
    clustered p;
    EXPECT_TRUE(p.seen().empty());
    auto const places = places_told(p.listen);
    ASSERT_EQ(places.size(), 3U);
    auto const seen = p.seen();
    ASSERT_EQ(seen.size(), 3U);
    for (int id = 1; id <= 3; ++id) {
        EXPECT_EQ(reached(places.at(id)), id);
        EXPECT_EQ(seen[static_cast<std::size_t>(id) - 1].listen, places.at(id));
    }
    EXPECT_EQ(seen[1].upstream, p.two.address());
    EXPECT_EQ(places_told(places.at(3)), places);  // and tell the same
    EXPECT_TRUE(p.tells("broker 2 at " + p.two.address() + " is reached at " + places.at(2)));
    auto const stats = p.engine.stats("p").value();
    EXPECT_EQ(stats.bypass, 0U);
    EXPECT_EQ(stats.connections_total, 5U);
}

TEST(brokers, keep_their_ports_while_the_proxy_is_disabled)
{
    clustered p;
    auto const places = places_told(p.listen);
    for (int round = 0; round < 3; ++round) {
        p.engine.update("p", {.enabled = false}).value();
        for (auto const& each : p.seen())
            EXPECT_EQ(each.listen, "");
        for (auto const& [id, place] : places)
            EXPECT_EQ(reached(place), 0);
        p.engine.update("p", {.enabled = true}).value();
        for (auto const& [id, place] : places)
            EXPECT_EQ(reached(place), id);  // before anybody asks for metadata
        EXPECT_EQ(places_told(p.listen), places);
    }
}

TEST(brokers, whose_port_was_taken_meanwhile_are_told_as_they_are)
{
    clustered p;
    auto const places = places_told(p.listen);
    p.engine.update("p", {.enabled = false}).value();
    auto at = resolve_listen(places.at(2)).value();
    auto taken = open_listener(at, 0s);
    ASSERT_TRUE(taken);
    p.engine.update("p", {.enabled = true}).value();
    auto const now = places_told(p.listen);
    EXPECT_EQ(now.at(1), places.at(1));
    EXPECT_EQ(now.at(2), p.two.address());
    EXPECT_EQ(p.engine.stats("p").value().bypass, 1U);
    EXPECT_TRUE(p.tells("broker 2 at " + p.two.address() + " cannot be kept inside: "));
    taken->fd.reset();
    EXPECT_EQ(places_told(p.listen), places);  // as soon as it is free again
}

TEST(brokers, that_move_are_reached_where_they_were)
{
    clustered p;
    auto const places = places_told(p.listen);
    client_socket before(places.at(2));
    EXPECT_EQ(reached(before), 2);
    broker other(p.all, 22);
    p.all.tell({p.one.place(1), other.place(2), p.three.place(3)});
    EXPECT_EQ(places_told(p.listen), places);
    EXPECT_EQ(reached(places.at(2)), 22);
    EXPECT_EQ(reached(before), 2);  // it stays where it is
    EXPECT_EQ(p.seen()[1].upstream, other.address());
    EXPECT_TRUE(p.tells("broker 2 is at " + other.address() + " now"));

    p.all.tell({p.one.place(1)});  // gone, and back
    EXPECT_EQ(places_told(p.listen).size(), 1U);
    EXPECT_EQ(p.seen().size(), 3U);
    p.all.tell({p.one.place(1), p.two.place(2)});
    EXPECT_EQ(places_told(p.listen).at(2), places.at(2));
    EXPECT_EQ(reached(places.at(2)), 2);
}

/// So many ports in a row that are free, as far as anybody can tell.
std::string free_range(unsigned count)
{
    for (unsigned first = 20'000; first < 30'000; first += count) {
        auto const is_free = [](unsigned port) {
            return try_to_take("127.0.0.1:" + std::to_string(port), true) == 0;
        };
        unsigned free = 0;
        while (free < count && is_free(first + free))
            ++free;
        if (free == count)
            return std::to_string(first) + "-" + std::to_string(first + count - 1);
    }
    return {};
}

TEST(brokers, of_which_there_are_more_than_ports_are_told_as_they_are)
{
    auto const range = free_range(2);
    clustered p(broker_settings{range, {}});
    auto const places = places_told(p.listen);
    auto const first = static_cast<unsigned>(std::stoi(range));
    EXPECT_EQ(places.at(1), "127.0.0.1:" + std::to_string(first));
    EXPECT_EQ(places.at(2), "127.0.0.1:" + std::to_string(first + 1));
    EXPECT_EQ(places.at(3), p.three.address());
    EXPECT_EQ(p.engine.stats("p").value().bypass, 1U);
    EXPECT_TRUE(p.tells("broker 3 at " + p.three.address() + " cannot be kept inside: all ports"));
    EXPECT_EQ(reached(places.at(2)), 2);
    EXPECT_EQ(places_told(p.listen), places);
    EXPECT_EQ(p.engine.stats("p").value().bypass, 2U);
}

TEST(brokers, are_told_at_the_host_that_was_asked_for)
{
    clustered p(broker_settings{{}, "localhost"});
    auto const places = places_told(p.listen);
    EXPECT_EQ(places.at(2).substr(0, 10), "localhost:");
    EXPECT_EQ(reached("127.0.0.1:" + places.at(2).substr(10)), 2);
}

TEST(brokers, that_say_they_are_where_the_proxy_is_are_inside_already)
{
    clustered p;
    auto const port = port_of(p.listen);
    p.all.tell({{1, "127.0.0.1", port}, {2, "localhost", port}, p.three.place(3)});
    auto const places = places_told(p.listen);
    EXPECT_EQ(places.at(1), p.listen);
    EXPECT_EQ(places.at(2), "localhost:" + std::to_string(port));
    EXPECT_NE(places.at(3), p.three.address());
    ASSERT_EQ(p.seen().size(), 1U);
    EXPECT_EQ(p.seen()[0].id, 3);
    EXPECT_EQ(p.engine.stats("p").value().bypass, 0U);
}

TEST(brokers, have_the_toxics_of_their_proxy)
{
    clustered p;
    auto const places = places_told(p.listen);
    p.engine.add_toxic("p", {"t", "reset_peer", stream::downstream, 1, {}}).value();
    EXPECT_EQ(reached(places.at(2)), 0);
    EXPECT_EQ(reached(p.listen), 0);
    p.engine.remove_toxic("p", "t").value();
    EXPECT_EQ(reached(places.at(2)), 2);

    toxic_config of_two{"t", "reset_peer", stream::downstream, 1, {}};
    of_two.aim.match = {{"broker", 2}};
    p.engine.add_toxic("p", of_two).value();
    EXPECT_EQ(reached(p.listen), 1);
    EXPECT_EQ(reached(places.at(1)), 1);
    EXPECT_EQ(reached(places.at(2)), 0);
    EXPECT_EQ(reached(places.at(3)), 3);
    p.engine.remove_toxic("p", "t").value();

    toxic_config of_kafka{"t", "kafka", stream::both, 1, {{"preset", "broker_down"}}};
    of_kafka.aim.match = {{"broker", 3}, {"api", "Heartbeat"}};
    p.engine.add_toxic("p", of_kafka).value();
    EXPECT_EQ(reached(places.at(2)), 2);
    EXPECT_EQ(reached(places.at(3)), 0);
    EXPECT_EQ(places_told(places.at(3)), places);
    p.engine.remove_toxic("p", "t").value();

    p.engine.add_toxic("p", {"t", "accept", stream::downstream, 1, {{"mode", "reset"}}}).value();
    EXPECT_EQ(reached(places.at(3)), 0);
    p.engine.remove_toxic("p", "t").value();
    EXPECT_EQ(reached(places.at(3)), 3);
}

TEST(brokers, are_found_anew_with_other_settings)
{
    clustered p;
    auto const places = places_told(p.listen);
    auto const range = free_range(3);
    p.engine.update("p", {.brokers = broker_settings{range, {}}}).value();
    EXPECT_TRUE(p.seen().empty());
    EXPECT_EQ(reached(places.at(1)), 0);
    auto const now = places_told(p.listen);
    EXPECT_EQ(now.at(1).substr(10), range.substr(0, range.find('-')));
    EXPECT_EQ(reached(now.at(3)), 3);
    p.engine.remove("p").value();
    EXPECT_EQ(reached(now.at(3)), 0);
}

TEST(brokers, are_told_by_the_name_and_ports_of_the_listener_that_a_client_came_to)
{
    auto const ports = free_range(8);
    auto const first = std::stoi(ports);
    auto const at = [&](int n) { return "127.0.0.1:" + std::to_string(first + n); };
    broker_settings settings{std::to_string(first) + "-" + std::to_string(first + 2), "inside"};
    settings.also.push_back(
        {at(3), std::to_string(first + 4) + "-" + std::to_string(first + 6), "localhost"});
    settings.also.push_back({at(7), {}, {}});
    clustered p(settings);
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(places_told(p.listen).at(2), "inside:" + std::to_string(first + 1));
        EXPECT_EQ(places_told(at(3)).at(2), "localhost:" + std::to_string(first + 5));
        auto const any = places_told(at(7)).at(2);
        EXPECT_NE(any, p.two.address());
        for (auto const& place : {at(1), at(5), any})
            EXPECT_EQ(reached(place), 2);
        EXPECT_EQ(places_told(at(5)).at(3), "localhost:" + std::to_string(first + 6));
        EXPECT_EQ(p.seen().size(), 9U);
        p.engine.update("p", {.enabled = false}).value();
        for (auto const& place : {at(1), at(3), at(5), at(7), any})
            EXPECT_EQ(reached(place), 0);
        p.engine.update("p", {.enabled = true}).value();
        EXPECT_EQ(reached(any), 2);
    }
    p.engine.remove("p").value();
    EXPECT_EQ(try_to_take(at(3), true), 0);
}

TEST(brokers, further_listeners_that_cannot_be_had_open_nothing)
{
    engine e;
    upstream_server const other(echo);
    proxy_config config{"p", "127.0.0.1:0", "127.0.0.1:9"};
    config.protocol = "kafka";
    config.brokers.also = {{other.address(), {}, {}}};
    auto const before = open_descriptors();
    EXPECT_FALSE(e.create(config));
    EXPECT_EQ(open_descriptors(), before);
    config.brokers.also.clear();
    e.create(config).value();
    broker_settings further;
    further.also = {{other.address(), {}, {}}};
    EXPECT_FALSE(e.update("p", {.brokers = further}));
}

TEST(brokers, settings_that_make_no_sense_are_told)
{
    engine e;
    auto const why_not = [&](broker_settings settings, std::string protocol = "kafka") {
        proxy_config config{"p", "127.0.0.1:0", "127.0.0.1:9"};
        config.protocol = std::move(protocol);
        config.brokers = std::move(settings);
        auto const made = e.create(config);
        return made ? "" : std::to_string(made.error().status) + " " + made.error().text;
    };
    for (std::string const ports :
         {"0", "0-5", "5-4", "65536", "1-65536", "a", "1-", "-1", "1-2-3", " 1", "1 - 2", "+1"})
        EXPECT_EQ(
            why_not({ports, {}}),
            "400 'brokers.ports' must be ports from 1 to 65535 such as 19093-19192, the first "
            "not above the last, not '" +
                ports + "'");
    for (std::string const& host :
         {std::string("a b"), std::string("[::1]"), std::string("a/b"), std::string(256, 'h')})
        EXPECT_EQ(
            why_not({{}, host}),
            "400 'brokers.host' must be a name or an address without brackets and port, of at "
            "most 255 characters, not '" +
                host.substr(0, 60) + "'");
    auto const for_kafka = "400 'brokers' is for proxies whose protocol tells clients of brokers: "
                           "\"protocol\": \"kafka\", \"mongodb\" or \"redis\"";
    EXPECT_EQ(why_not({"19093", {}}, ""), for_kafka);
    EXPECT_EQ(why_not({{}, "h"}, "postgres"), for_kafka);
    for (std::string const listen : {"localhost:1", "10.0.0.0/8:1", "127.0.0.1", "127.0.0.1:0",
                                     "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "::1:5"})
        EXPECT_EQ(why_not({{}, {}, {{listen, {}, {}}}}),
                  "400 'brokers.also.listen' must be an address in digits and a port from 1 to "
                  "65535, as 0.0.0.0:29092, not '" +
                      listen + "'");
    EXPECT_EQ(why_not({{}, {}, {{"127.0.0.1:1", "5-4", {}}}}).substr(0, 19), "400 'brokers.ports'");
    EXPECT_EQ(why_not({{}, {}, {{"127.0.0.1:1", {}, "a b"}}}).substr(0, 18), "400 'brokers.host'");
    EXPECT_EQ(why_not({{}, {}, std::vector<further_listener>(16, {"127.0.0.1:1", {}, {}})}),
              "400 'brokers.also' must be at most 15 further listeners");
    EXPECT_EQ(why_not({"1-65535", "kafka.example.com", {{"[::1]:1", {}, {}}}}), "");
}

TEST(upstreams, are_tried_in_turn)
{
    clustered p;
    std::string const dead = upstream_server(echo).address();
    blackhole const silent;
    for (auto const& first :
         {dead, silent.address(), std::string("no-such-host.invalid:9092"), std::string("nonsense"),
          std::string(dead).append(",").append(dead)}) {
        SCOPED_TRACE(first);
        auto const behind = std::string(first).append(",").append(p.two.address());
        p.engine.update("p", {.upstream = behind}).value();
        EXPECT_EQ(reached(p.engine.proxy("p").value().listen), 2);
        auto const before = std::string(p.three.address()).append(", ").append(first);
        p.engine.update("p", {.upstream = before}).value();
        EXPECT_EQ(reached(p.engine.proxy("p").value().listen), 3);
    }
    EXPECT_EQ(p.engine.stats("p").value().dial_errors, 0U);
    p.engine.update("p", {.upstream = dead + ",nonsense," + dead}).value();
    EXPECT_EQ(reached(p.engine.proxy("p").value().listen), 0);
    EXPECT_TRUE(eventually([&] { return p.engine.stats("p").value().dial_errors == 1; }));
    EXPECT_TRUE(p.tells("connect: connection refused"));
    EXPECT_EQ(p.engine.proxy("p").value().upstream, dead + ",nonsense," + dead);
}

TEST(upstreams, that_do_not_answer_delay_nobody_for_long)
{
    clustered p;
    blackhole const silent;
    blackhole const silent_too;
    p.engine
        .update("p",
                {.upstream = silent.address() + "," + silent_too.address() + "," + p.two.address()})
        .value();
    auto const took = time_of([&] { EXPECT_EQ(reached(p.engine.proxy("p").value().listen), 2); });
    EXPECT_GE(took, 400ms);
    EXPECT_LT(took, 2s);
}

}  // namespace
}  // namespace aconite::testing
