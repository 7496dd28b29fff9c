#include "proxy/forwarding/drop_filter.hpp"

#include "tests/support/kernel_loss.hpp"
#include "tests/support/sockets.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace aconite {
namespace {

using namespace testing;

class drop_filter_test : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (auto const error = drop_filter::probe())
            GTEST_SKIP() << "needs CAP_NET_ADMIN: errno " << error;
    }
};

/// Two ends of a TCP connection on 127.0.0.1.
struct tcp_pair {
    tcp_pair()
    {
        unique_fd const listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        auto* const at = reinterpret_cast<sockaddr*>(&where);
        socklen_t size = sizeof where;
        EXPECT_EQ(::bind(listener.get(), at, size), 0);
        EXPECT_EQ(::listen(listener.get(), 1), 0);
        EXPECT_EQ(::getsockname(listener.get(), at, &size), 0);
        sender.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(::connect(sender.get(), at, size), 0);
        receiver.reset(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    }

    void send() const { EXPECT_EQ(::send(sender.get(), "x", 1, MSG_NOSIGNAL), 1); }

    unique_fd sender;
    unique_fd receiver;
};

/// How many of so many connections lost the one segment that was sent on each.
long lost_of(int count, double rate)
{
    std::vector<tcp_pair> pairs(static_cast<std::size_t>(count));
    for (auto const& each : pairs) {
        EXPECT_EQ(drop_filter::attach(each.receiver.get(), rate), 0);
        each.send();
    }
    EXPECT_TRUE(eventually([&] {
        return std::ranges::all_of(pairs,
                                   [](auto const& p) { return lost_or_not(p.sender.get()); });
    }));
    return std::ranges::count_if(pairs,
                                 [](auto const& p) { return had_to_send_again(p.sender.get()); });
}

TEST_F(drop_filter_test, at_1_nothing_arrives_until_it_is_gone)
{
    tcp_pair const pair;
    ASSERT_EQ(drop_filter::attach(pair.receiver.get(), 1), 0);
    pair.send();
    ASSERT_TRUE(eventually([&] { return told_of(pair.sender.get()).tcpi_total_retrans >= 2; }));
    char got = 0;
    EXPECT_EQ(::recv(pair.receiver.get(), &got, 1, MSG_DONTWAIT), -1);
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_EQ(told_of(pair.sender.get()).tcpi_unacked, 1U);

    drop_filter::detach(pair.receiver.get());
    EXPECT_EQ(::recv(pair.receiver.get(), &got, 1, 0), 1);
    EXPECT_EQ(got, 'x');
}

TEST_F(drop_filter_test, drops_its_share)
{
    constexpr int count = 400;  // a quarter of which is known to some 9: 5 times that
    EXPECT_NEAR(lost_of(count, 0.25), 100, 43);
}

TEST_F(drop_filter_test, takes_the_place_of_the_one_before)
{
    tcp_pair const pair;
    ASSERT_EQ(drop_filter::attach(pair.receiver.get(), 1), 0);
    ASSERT_EQ(drop_filter::attach(pair.receiver.get(), 1e-12), 0);
    pair.send();
    ASSERT_TRUE(eventually([&] { return lost_or_not(pair.sender.get()); }));
    EXPECT_FALSE(had_to_send_again(pair.sender.get()));
}

TEST_F(drop_filter_test, goes_without_the_privilege_but_does_not_come)
{
    tcp_pair const pair;
    ASSERT_EQ(drop_filter::attach(pair.receiver.get(), 1), 0);
    pair.send();
    without_net_admin([&] {
        EXPECT_EQ(drop_filter::attach(pair.receiver.get(), 0.5), EPERM);
        drop_filter::detach(pair.receiver.get());
    });
    char got = 0;
    EXPECT_EQ(::recv(pair.receiver.get(), &got, 1, 0), 1);
}

TEST(drop_filter, tells_each_time_whether_it_may)
{
    auto const before = drop_filter::probe();
    without_net_admin([] { EXPECT_EQ(drop_filter::probe(), EPERM); });
    EXPECT_EQ(drop_filter::probe(), before);
}

}  // namespace
}  // namespace aconite
