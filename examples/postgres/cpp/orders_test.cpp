// What becomes of an order when the answer to its COMMIT is lost.
#include "orders.hpp"

#include <aconite/postgres.hpp>
#include <aconite/testing/gtest.hpp>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

/// "host:port" of PostgreSQL.
std::string postgres_address()
{
    auto const* const set = std::getenv("POSTGRES_ADDRESS");
    return set != nullptr ? set : "localhost:5432";
}

/// The proxy follows the protocol, which TLS would hide from it.
std::string conninfo(std::string const& address)
{
    auto const colon = address.rfind(':');
    return "sslmode=disable host=" + address.substr(0, colon) +
           " port=" + address.substr(colon + 1);
}

/// A text that no other test uses, in this run or another.
std::string unique(std::string const& what)
{
    std::random_device random;
    return what + ' ' + std::to_string(random()) + '-' + std::to_string(random());
}

/// The service goes through the proxy, the test's own connection past it: only the service meets
/// the faults.
class lost_answer : public aconite::testing::fixture {
protected:
    static void SetUpTestSuite()
    {
        shop::connection database(conninfo(postgres_address()));
        create_table(database);
    }

    /// The first COMMIT gets no answer. If it gets one, the test fails.
    aconite::scoped_toxic lose(aconite::operation_toxic toxic)
    {
        return require(proxy_.add(toxic.once()));
    }

    /// The ids under which the order is there.
    std::vector<std::string> placed()
    {
        return database_.execute("SELECT id FROM placed_orders WHERE customer = $1 ORDER BY id",
                                 {order.customer});
    }

    /// How the service connects.
    std::string through() { return conninfo(proxy_.address()); }

    shop::order const order{unique("key"), unique("customer"), "tea"};

private:
    shop::connection database_{conninfo(postgres_address())};
    aconite::scoped_proxy& proxy_ = proxy("postgres", postgres_address(), "postgres");
};

TEST_F(lost_answer, robust_orders_once_when_the_commit_succeeded)
{
    auto const lost = lose(aconite::postgres::lose_commit_ack());
    auto const id = shop::robust_orders(through()).place(order);
    EXPECT_EQ(placed(), std::vector{id});
}

TEST_F(lost_answer, robust_orders_once_when_nothing_was_committed)
{
    auto const lost = lose(aconite::postgres::phantom_commit());
    auto const id = shop::robust_orders(through()).place(order);
    EXPECT_EQ(placed(), std::vector{id});
}

TEST_F(lost_answer, naive_orders_twice_when_the_commit_succeeded)
{
    auto const lost = lose(aconite::postgres::lose_commit_ack());
    auto const id = shop::naive_orders(through()).place(order);
    ASSERT_EQ(placed().size(), 2U);
    EXPECT_EQ(placed()[1], id);  // nobody knows of the first one
}

}  // namespace
