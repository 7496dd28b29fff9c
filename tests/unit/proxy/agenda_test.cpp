#include "proxy/engine/agenda.hpp"

#include "proxy/engine/lease_book.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

namespace aconite {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// An agenda with its lock, which is let go while a test waits.
struct timetable {
    std::mutex lock;
    std::unique_lock<std::mutex> hold{lock};
    aconite::agenda agenda{lock};

    /// What `done` gives, with the agenda running.
    template <class T>
    T wait_for(std::promise<T>& done)
    {
        hold.unlock();
        auto result = done.get_future();
        EXPECT_EQ(result.wait_for(20s), std::future_status::ready);
        hold.lock();
        return result.get();
    }
    ~timetable() { hold.unlock(); }
};

TEST(agenda, runs_tasks_in_order_of_their_times_and_never_early)
{
    timetable t;
    std::promise<std::string> done;
    std::string order;
    auto const now = clock::now();
    bool early = false;
    auto const note = [&](char c, clock::duration after) {
        return [&, c, after] {
            early = early || clock::now() < now + after;
            order += c;
            if (order.size() == 3)
                done.set_value(order);
        };
    };
    auto const last = t.agenda.at(now + 30ms, note('c', 30ms));
    auto const first = t.agenda.at(now - 1h, note('a', -1h));
    auto const second = t.agenda.at(now + 10ms, note('b', 10ms));
    EXPECT_EQ(t.wait_for(done), "abc");
    EXPECT_FALSE(early);
}

TEST(agenda, an_appointment_that_ended_is_not_kept)
{
    timetable t;
    std::promise<std::string> done;
    std::string order;
    auto const now = clock::now();
    auto cancelled = t.agenda.at(now, [&] { order += 'x'; });
    auto const kept = t.agenda.at(now + 5ms, [&] { done.set_value(order + "kept"); });
    cancelled = {};
    EXPECT_EQ(t.wait_for(done), "kept");
}

TEST(agenda, a_task_may_make_the_next_appointment_in_place_of_its_own)
{
    timetable t;
    std::promise<int> done;
    int count = 0;
    appointment next;
    std::function<void()> task = [&] {
        if (++count == 3)
            done.set_value(count);
        else
            next = t.agenda.at(clock::now(), task);
    };
    next = t.agenda.at(clock::now(), task);
    EXPECT_EQ(t.wait_for(done), 3);
}

TEST(agenda, lets_others_have_the_lock_however_much_is_due)
{
    timetable t;
    appointment next;
    std::function<void()> endless = [&] { next = t.agenda.at(clock::now(), endless); };
    next = t.agenda.at(clock::now(), endless);
    for (int i = 0; i < 100; ++i) {
        t.hold.unlock();
        t.hold.lock();
    }
    next = {};
}

TEST(agenda, stops_with_tasks_left)
{
    std::mutex lock;
    agenda left(lock);
    std::unique_lock hold(lock);
    auto appointment = left.at(clock::now() + 1h, [] { ADD_FAILURE(); });
    hold.unlock();
    left.stop();
    hold.lock();
    appointment = {};
}

struct leases : timetable {
    std::vector<std::string> ended;
    std::promise<std::string> first_end;
    lease_book book{agenda, [this](std::string_view id) {
                        ended.emplace_back(id);
                        if (ended.size() == 1)
                            first_end.set_value(ended[0]);
                    }};
};

TEST(lease, ends_when_nobody_renews_it)
{
    leases l;
    auto const lease = l.book.open(20, clock::now()).value();
    EXPECT_TRUE(l.book.has(lease.id));
    EXPECT_EQ(l.wait_for(l.first_end), lease.id);
    EXPECT_FALSE(l.book.has(lease.id));
    EXPECT_EQ(l.book.renew(lease.id, clock::now()).error().status, 404);
}

TEST(lease, lives_for_its_ttl_from_the_last_renewal)
{
    leases l;
    auto const now = clock::now();
    auto const lease = l.book.open(1'000'000, now).value();
    EXPECT_EQ(l.book.list(now + 400s).at(0).left_ms, 600'000);
    EXPECT_EQ(l.book.renew(lease.id, now + 500s).value().left_ms, 1'000'000);
    EXPECT_EQ(l.book.list(now + 600s).at(0).left_ms, 900'000);
}

TEST(lease, ended_by_hand_tells_once)
{
    leases l;
    auto const lease = l.book.open(1'000'000, clock::now()).value();
    l.book.end(lease.id).value();
    EXPECT_EQ(l.ended, std::vector{lease.id});
    EXPECT_EQ(l.book.end(lease.id).error().status, 404);
}

TEST(lease, has_a_bound_and_an_id_of_its_own)
{
    leases l;
    EXPECT_EQ(l.book.open(0, clock::now()).error().status, 400);
    EXPECT_EQ(l.book.open(time_ms_max + 1, clock::now()).error().status, 400);
    auto const one = l.book.open(time_ms_max, clock::now()).value().id;
    auto const other = l.book.open(1'000'000, clock::now()).value().id;
    EXPECT_EQ(one.size(), 32U);
    EXPECT_NE(one, other);
}

}  // namespace
}  // namespace aconite
