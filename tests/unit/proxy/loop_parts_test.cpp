// The parts of a shard's loop: mailbox, timer, resolver.
#include "proxy/loop/mailbox.hpp"
#include "proxy/loop/wake_timer.hpp"
#include "proxy/net/resolver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

namespace aconite {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Waits for one batch and tells the handlers.
void turn(pump_set& set)
{
    for (auto const& event : set.wait(true))
        static_cast<io_handler*>(event.data.ptr)->on_io(event.events);
}

TEST(mailbox, runs_what_other_threads_post_in_their_order)
{
    pump_set set;
    mailbox mail;
    ASSERT_EQ(set.add(mail.fd(), mail), 0);
    constexpr int each = 10'000;
    std::vector<int> seen[2];
    auto const poster = [&](int who) {
        for (int i = 0; i < each; ++i)
            mail.post([&seen, who, i] { seen[who].push_back(i); });
    };
    std::thread first(poster, 0);
    std::thread second(poster, 1);
    while (seen[0].size() + seen[1].size() < 2 * each)
        turn(set);
    first.join();
    second.join();
    for (auto const& one : seen)
        EXPECT_TRUE(std::ranges::is_sorted(one));
}

TEST(mailbox, takes_work_from_its_own_work)
{
    pump_set set;
    mailbox mail;
    ASSERT_EQ(set.add(mail.fd(), mail), 0);
    int depth = 0;
    mail.post([&] {
        ++depth;
        mail.post([&] { ++depth; });
    });
    while (depth < 2)
        turn(set);
    EXPECT_EQ(depth, 2);
}

TEST(wake_timer, wakes_at_the_earliest_time_asked_for_and_again)
{
    pump_set set;
    wake_timer timer;
    ASSERT_EQ(set.add(timer.fd(), timer), 0);
    for (int i = 0; i < 3; ++i) {
        auto const at = steady_clock::now() + milliseconds(5);
        timer.arm(at + milliseconds(3600'000));
        timer.arm(at);
        timer.arm(never);
        turn(set);
        EXPECT_GE(steady_clock::now(), at - milliseconds(1));
    }
}

TEST(wake_timer, wakes_at_once_for_a_time_that_is_past)
{
    pump_set set;
    wake_timer timer;
    ASSERT_EQ(set.add(timer.fd(), timer), 0);
    timer.arm(time_point{});
    turn(set);
}

TEST(resolver, finds_addresses_and_says_why_not)
{
    resolver names;
    std::promise<resolver::answer> good;
    std::promise<resolver::answer> bad;
    names.lookup("localhost", "80", [&](resolver::answer found) { good.set_value(found); });
    names.lookup("localhost", "no-such-service",
                 [&](resolver::answer found) { bad.set_value(found); });
    auto const found = good.get_future().get();
    ASSERT_FALSE(found.addresses.empty());
    EXPECT_TRUE(found.addresses[0].text().ends_with(":80"));
    auto const refused = bad.get_future().get();
    EXPECT_TRUE(refused.addresses.empty());
    EXPECT_FALSE(refused.error.empty());
}

TEST(resolver, gives_no_answer_once_closed)
{
    resolver names;
    std::promise<void> begun;
    std::promise<void> release;
    names.lookup("127.0.0.1", "1", [&](resolver::answer) { begun.set_value(); });
    begun.get_future().get();
    names.close();
    bool answered = false;
    names.lookup("127.0.0.1", "1", [&](resolver::answer) { answered = true; });
    EXPECT_FALSE(answered);
}

}  // namespace
}  // namespace aconite
