#include "proxy/forwarding/own_dials.hpp"

#include <gtest/gtest.h>

namespace aconite {
namespace {

/// A listening socket, and one that dials it.
struct own_dials_test : ::testing::Test {
    listening_socket listener = open_listener(resolve_listen("127.0.0.1:0").value(), {}).value();
    address const to = address::local_of(listener.fd.get());
    std::uint16_t const port = to.ip().port;
    unique_fd client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    own_dials book;
    std::unique_ptr<own_dials::mark> mark;

    [[nodiscard]] ip_endpoint from() const { return address::local_of(client.get()).ip(); }
};

TEST_F(own_dials_test, tell_the_listener_through_whom_a_client_came)
{
    book.take_port(port);
    ASSERT_EQ(book.connect(client.get(), to, {3, {1, 2}}, mark), 0);
    ASSERT_TRUE(mark);
    EXPECT_EQ(book.trail_of(from(), port), (proxy_trail{1, 2, 3}));
    EXPECT_EQ(book.trail_of(from(), 1), proxy_trail{});

    mark.reset();

    EXPECT_EQ(book.trail_of(from(), port), proxy_trail{});
}

TEST_F(own_dials_test, leave_other_ports_alone)
{
    book.take_port(port);
    book.take_port(port);  // on two addresses
    book.give_back_port(port);
    book.give_back_port(port);
    book.take_port(port ^ 1);
    ASSERT_EQ(book.connect(client.get(), to, {3, {}}, mark), 0);
    EXPECT_FALSE(mark);
    EXPECT_EQ(book.trail_of(from(), port), proxy_trail{});
}

TEST_F(own_dials_test, keep_nothing_of_a_dial_that_failed)
{
    book.take_port(port);
    listener.fd.reset();
    EXPECT_EQ(book.connect(client.get(), to, {3, {}}, mark), ECONNREFUSED);
    EXPECT_FALSE(mark);
}

}  // namespace
}  // namespace aconite
