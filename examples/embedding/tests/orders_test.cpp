// What becomes of an order when a server is slow, resets its connections, or is gone.
#include "orders/service.hpp"
#include "tests/event_reader.hpp"

#include <aconite/testing/gtest.hpp>

#include <chrono>
#include <cstdlib>
#include <future>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;

/// "host:port" of a server, from the environment. A test without its server fails.
std::string address_of(char const* variable)
{
    auto const* const value = std::getenv(variable);
    if (value == nullptr)
        throw std::runtime_error(std::string("set ") + variable + " to host:port; see README.md");
    return value;
}

/// An id that no other test uses, in this run or another.
std::string new_id()
{
    return std::to_string(std::random_device{}()) + '-' + std::to_string(std::random_device{}());
}

/// Each test has a proxy of its own in front of each server, and looks at what the service left
/// behind around them: only the service meets the faults.
class orders : public aconite::testing::fixture {
protected:
    static void SetUpTestSuite()
    {
        shop::database(address_of("POSTGRES_ADDRESS"), 5s).create_table();
    }

    /// The service under test, with the proxies for its servers.
    shop::service service(shop::limits const& patience = {})
    {
        return shop::service({postgres.address(), redis.address(), kafka.address()}, patience);
    }

    /// How many events there are of an order.
    std::size_t events_of(std::string const& order)
    {
        return count_events(address_of("KAFKA_ADDRESS"), shop::order_created, order);
    }

    aconite::scoped_proxy& postgres = proxy("postgres", address_of("POSTGRES_ADDRESS"));
    aconite::scoped_proxy& redis = proxy("redis", address_of("REDIS_ADDRESS"));
    // Follows the protocol, so that a client that comes here is told of no way around it.
    aconite::scoped_proxy& kafka = bed().proxy(
        {.name = "kafka", .upstream = address_of("KAFKA_ADDRESS"), .protocol = "kafka"});

    shop::database database{address_of("POSTGRES_ADDRESS"), 5s};
    shop::cache cache{address_of("REDIS_ADDRESS"), 5s};
    std::string const id = new_id();
    std::optional<std::string> const tea = "2 tea";
};

TEST_F(orders, are_saved_cached_and_published)
{
    auto shop = service();
    shop.place(id, *tea);
    EXPECT_EQ(database.find(id), tea);
    EXPECT_EQ(cache.get(id), tea);
    EXPECT_EQ(events_of(id), 1U);
}

TEST_F(orders, do_not_wait_for_a_slow_cache)
{
    auto shop = service({.cache = 50ms});
    auto const slow = require(redis.upstream("latency", {{"latency", 60'000}}));
    shop.place(id, *tea);
    EXPECT_EQ(cache.get(id), std::nullopt);
    EXPECT_EQ(shop.find(id), tea);
    EXPECT_EQ(events_of(id), 1U);
}

TEST_F(orders, survive_one_reset_of_the_database_connection)
{
    auto shop = service();
    shop.place(new_id(), "a connection, please");
    // PostgreSQL executes the INSERT; its answer becomes a reset, once.
    auto const reset = require(postgres.downstream("reset_peer", {}, {.trigger = {{"times", 1}}}));
    shop.place(id, *tea);
    EXPECT_EQ(postgres.stats().connections_total, 2U);
    EXPECT_EQ(database.find(id), tea);
    EXPECT_EQ(events_of(id), 1U);
}

TEST_F(orders, fail_when_the_database_connection_is_reset_again)
{
    auto shop = service();
    shop.place(new_id(), "a connection, please");
    auto const resets = require(postgres.upstream("reset_peer"));
    EXPECT_THROW(shop.place(id, *tea), shop::connection_lost);
    EXPECT_EQ(resets.stats().connections, 2U);
    EXPECT_EQ(database.find(id), std::nullopt);
    EXPECT_EQ(events_of(id), 0U);
}

// Why an order has an id of the customer's: with one of the database's, the second attempt would
// be a second order.
TEST_F(orders, are_saved_when_only_the_answer_is_lost_and_can_be_placed_again)
{
    auto shop = service({.database = 1s});
    shop.place(new_id(), "a connection, please");
    auto lost = require(postgres.downstream("timeout"));
    EXPECT_THROW(shop.place(id, *tea), std::runtime_error);
    ASSERT_TRUE(lost.wait_for_hits(1, 5s));  // PostgreSQL has answered
    EXPECT_EQ(database.find(id), tea);
    EXPECT_EQ(events_of(id), 0U);

    lost.remove();
    shop.place(id, *tea);
    EXPECT_EQ(events_of(id), 1U);
}

// The fault of writing to two systems, one after the other: the order is there, and nobody is told.
TEST_F(orders, have_no_event_when_kafka_is_down_after_the_commit)
{
    auto shop = service({.broker = 4s});
    shop.place(new_id(), "a connection, please");
    auto outage = kafka.down();
    EXPECT_THROW(shop.place(id, *tea), std::runtime_error);
    outage.end();
    EXPECT_EQ(database.find(id), tea);
    EXPECT_EQ(cache.get(id), tea);
    EXPECT_EQ(events_of(id), 0U);
}

TEST_F(orders, have_their_event_when_kafka_is_back_in_time)
{
    auto shop = service();
    shop.place(new_id(), "a connection, please");
    auto cut = require(kafka.add({.type = "partition"}));
    auto placed = std::async(std::launch::async, [&] { shop.place(id, *tea); });
    ASSERT_TRUE(cut.wait_for_hits(1, 5s));  // the event is on its way, and stuck
    EXPECT_EQ(placed.wait_for(300ms), std::future_status::timeout);
    cut.remove();
    placed.get();
    EXPECT_EQ(events_of(id), 1U);
}

}  // namespace
