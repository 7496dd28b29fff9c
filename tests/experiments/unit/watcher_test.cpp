#include "clients/experiment/run/watcher.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

/// Tells the number of the look, and what `then` does beside.
class counting_probe final : public probe {
public:
    explicit counting_probe(std::function<void(int)> then = [](int) {}) : then_(std::move(then)) {}
    result<value> look(std::chrono::milliseconds) override
    {
        ++looks_;
        then_(looks_);
        return value(static_cast<double>(looks_));
    }

private:
    std::function<void(int)> then_;
    int looks_ = 0;
};

class silent_probe final : public probe {
public:
    result<value> look(std::chrono::milliseconds) override { return problem{0, "nobody answers"}; }
};

time_point in_good_time()
{
    return std::chrono::steady_clock::now() + 10s;
}

TEST(watcher, looks_at_once_and_again_when_it_is_asked_to)
{
    observations seen;
    watcher over(seen, 1h, 1s);
    over.add("count", std::make_unique<counting_probe>());
    ASSERT_TRUE(over.refresh(in_good_time()));
    auto const first = seen.samples("count").size();
    EXPECT_GE(first, 1U);
    ASSERT_TRUE(over.refresh(in_good_time()));
    EXPECT_GT(seen.samples("count").size(), first);
}

TEST(watcher, a_look_that_was_under_way_does_not_count_as_new)
{
    observations seen;
    std::promise<void> began;
    std::promise<void> go;
    watcher over(seen, 1h, 1s);
    over.add("slow", std::make_unique<counting_probe>([&](int number) {
                 if (number == 1) {
                     began.set_value();
                     go.get_future().wait();
                 }
             }));
    began.get_future().wait();
    auto fresh = std::async(std::launch::async, [&] { return over.refresh(in_good_time()); });
    go.set_value();
    ASSERT_TRUE(fresh.get());
    EXPECT_GE(seen.samples("slow").size(), 2U);
}

TEST(watcher, one_that_hangs_delays_no_other_and_the_wait_ends)
{
    observations seen;
    std::promise<void> go;
    watcher over(seen, 1h, 1s);
    over.add("hangs", std::make_unique<counting_probe>([&](int number) {
                 if (number == 1)
                     go.get_future().wait();
             }));
    over.add("well", std::make_unique<counting_probe>());
    EXPECT_FALSE(over.refresh(std::chrono::steady_clock::now() + 50ms));
    EXPECT_TRUE(seen.samples("hangs").empty());
    EXPECT_GE(seen.samples("well").size(), 1U);
    go.set_value();
    EXPECT_TRUE(over.refresh(in_good_time()));
}

TEST(watcher, a_failure_is_noted_as_one)
{
    observations seen;
    watcher over(seen, 1h, 1s);
    over.add("silent", std::make_unique<silent_probe>());
    ASSERT_TRUE(over.refresh(in_good_time()));
    auto const last = seen.samples("silent").back();
    EXPECT_FALSE(last.seen);
    EXPECT_EQ(last.failure, "nobody answers");
}

TEST(watcher, what_a_probe_throws_fails_that_look_and_not_the_run)
{
    observations seen;
    watcher over(seen, 1h, 1s);
    over.add("throws", std::make_unique<counting_probe>([](int number) {
                 if (number == 1)
                     throw std::runtime_error("unforeseen");
             }));
    ASSERT_TRUE(over.refresh(in_good_time()));
    ASSERT_TRUE(over.refresh(in_good_time()));
    auto const looks = seen.samples("throws");
    EXPECT_EQ(looks.front().failure, "unforeseen");
    EXPECT_TRUE(looks.back().seen);
}

TEST(watcher, nobody_looks_behind_its_end)
{
    observations seen;
    watcher over(seen, 1ms, 1s);
    over.add("count", std::make_unique<counting_probe>());
    ASSERT_TRUE(over.refresh(in_good_time()));
    over.stop();
    auto const looks = seen.samples("count").size();
    EXPECT_FALSE(over.refresh(std::chrono::steady_clock::now() + 5ms) &&
                 seen.samples("count").size() > looks);
    EXPECT_EQ(seen.samples("count").size(), looks);
}

}  // namespace
}  // namespace aconite::experiment
