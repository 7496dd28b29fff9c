// Which brokers a proxy's clients were told of, without a proxy.
#include "proxy/forwarding/broker_book.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aconite {
namespace {

using namespace std::chrono_literals;

/// A book that is open at a free port of the loopback; who listens closes at once.
struct opened {
    explicit opened(std::string const& ports = {}, std::string const& host = {},
                    std::string const& at = "127.0.0.1:0",
                    std::shared_ptr<server_numbers> const& numbers =
                        std::make_shared<server_numbers>(broker_book::brokers_max))
        : book(ports, host, 0s, numbers), here(resolve_listen(at).value())
    {
        socket = open_listener(here, 0s).value().fd;
        here.where = address::local_of(socket.get());
        open();
    }
    void open()
    {
        book.open(here,
                  {.listen =
                       [this](std::int64_t broker, listening_socket, std::string upstream) {
                           events.push_back("listen " + std::to_string(broker) + " " + upstream);
                       },
                   .redirect =
                       [this](std::int64_t broker, std::string, std::string upstream) {
                           events.push_back("redirect " + std::to_string(broker) + " " + upstream);
                       },
                   .tell = [this](std::string text) { told.push_back(std::move(text)); }});
    }

    broker_book book;
    listen_address here;
    unique_fd socket;
    std::vector<std::string> events;
    std::vector<std::string> told;
};

TEST(broker_book, keeps_a_thousand_brokers)
{
    opened p;
    for (std::int64_t id = 0; id < 1000; ++id)
        ASSERT_TRUE(p.book.place_of(id, {"10.0.0.1", 9092}, "proxy"));
    EXPECT_FALSE(p.book.place_of(1000, {"10.0.0.1", 9092}, "proxy"));
    EXPECT_TRUE(p.book.place_of(999, {"10.0.0.1", 9092}, "proxy"));
    EXPECT_EQ(p.book.brokers().size(), broker_book::brokers_max);
    EXPECT_EQ(p.events.size(), 1000U);
}

TEST(broker_book, knows_the_host_that_the_client_came_to)
{
    opened p;
    auto const one = p.book.place_of(1, {"10.0.0.1", 9092}, "first");
    auto const same = p.book.place_of(1, {"10.0.0.1", 9092}, "second");
    EXPECT_EQ(one->host, "first");
    EXPECT_EQ(same, (server_place{"second", one->port}));
    EXPECT_EQ(p.events, std::vector<std::string>{"listen 1 10.0.0.1:9092"});
    opened q({}, "advertised");
    EXPECT_EQ(q.book.place_of(1, {"10.0.0.1", 9092}, "first")->host, "advertised");
}

TEST(broker_book, opens_nothing_while_it_is_closed)
{
    opened p;
    auto const before = p.book.place_of(1, {"::1", 9092}, "proxy");
    p.book.close();
    EXPECT_FALSE(p.book.place_of(1, {"::1", 9092}, "proxy"));
    EXPECT_FALSE(p.book.place_of(2, {"::1", 9092}, "proxy"));
    EXPECT_EQ(p.book.brokers()[0].listen, "");
    EXPECT_EQ(p.book.brokers()[0].upstream, "[::1]:9092");
    p.open();
    EXPECT_EQ(p.events, (std::vector<std::string>{"listen 1 [::1]:9092", "listen 1 [::1]:9092"}));
    EXPECT_EQ(p.book.place_of(1, {"::1", 9092}, "proxy"), before);
}

TEST(broker_book, tells_once_of_a_broker_that_has_no_port)
{
    opened taken;
    auto const port = taken.here.where.ip().port;
    opened p(std::to_string(port));
    for (int i = 0; i < 3; ++i)
        EXPECT_FALSE(p.book.place_of(7, {"10.0.0.7", 9092}, "proxy"));
    ASSERT_EQ(p.told.size(), 1U);
    EXPECT_NE(p.told[0].find("broker 7 at 10.0.0.7:9092 cannot be kept inside: "),
              std::string::npos);
    taken.socket.reset();
    EXPECT_EQ(p.book.place_of(7, {"10.0.0.7", 9092}, "proxy"), (server_place{"proxy", port}));
    EXPECT_FALSE(p.book.place_of(8, {"10.0.0.8", 9092}, "proxy"));
    EXPECT_EQ(p.told.back(), "broker 8 at 10.0.0.8:9092 cannot be kept inside: all ports from " +
                                 std::to_string(port) + " to " + std::to_string(port) +
                                 " are taken");
}

TEST(broker_book, numbers_servers_that_are_known_by_where_they_are)
{
    auto const numbers = std::make_shared<server_numbers>(3U);
    opened p({}, {}, "127.0.0.1:0", numbers);
    opened q({}, {}, "127.0.0.1:0", numbers);
    auto const one = p.book.place_at({"10.0.0.1", 6379}, "first");
    EXPECT_NE(p.book.place_at({"10.0.0.1", 6380}, "first")->port, one->port);
    EXPECT_EQ(p.book.place_at({"10.0.0.1", 6379}, "second"), (server_place{"second", one->port}));
    EXPECT_NE(q.book.place_at({"10.0.0.1", 6380}, "first"), std::nullopt);
    EXPECT_EQ(p.events,
              (std::vector<std::string>{"listen 1 10.0.0.1:6379", "listen 2 10.0.0.1:6380"}));
    EXPECT_EQ(q.events, (std::vector<std::string>{"listen 2 10.0.0.1:6380"}));
    EXPECT_TRUE(p.book.place_at({"node.test", 6379}, "first"));
    EXPECT_FALSE(p.book.place_at({"10.0.0.4", 6379}, "first"));
    p.book.close();
    EXPECT_FALSE(p.book.place_at({"10.0.0.1", 6379}, "first"));
    p.open();
    EXPECT_EQ(p.book.place_at({"10.0.0.1", 6379}, "first"), one);
    auto const own = p.here.where.ip().port;
    EXPECT_EQ(p.book.place_at({"localhost", own}, "first"), (server_place{"localhost", own}));
}

TEST(broker_book, leaves_the_proxys_own_address)
{
    for (std::string const at : {"127.0.0.1:0", ":0", "[::1]:0"}) {
        opened p({}, "advertised", at);
        auto const port = p.here.where.ip().port;
        for (std::string const host : {"localhost", "127.0.0.1", "::1", "reached", "advertised"})
            EXPECT_EQ(p.book.place_of(1, {host, port}, "reached"), (server_place{host, port}))
                << at << " " << host;
        EXPECT_TRUE(p.book.brokers().empty());
        EXPECT_EQ(p.book.place_of(1, {"other", port}, "reached")->host, "advertised");
        EXPECT_NE(p.book.place_of(1, {"other", port}, "reached")->port, port);
    }
}

}  // namespace
}  // namespace aconite
