// toxic_context::release: what is held for good leaves from the front, by bytes.
#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

/// What the toxic below does each ms, told by the test.
using script = std::function<void(toxic_context&)>;

class scripted_common final : public toxic_common {
public:
    script each_ms;
};

/// Holds everything; an alarm each ms runs the script.
class scripted final : public toxic {
public:
    void on_start(toxic const*, toxic_context& link) override { link.wake_at(link.now() + 1ms); }
    void on_data(chunk c, toxic_context& link) override { link.forward(std::move(c), never); }
    void on_alarm(toxic_context& link) override
    {
        static_cast<scripted_common&>(*link.common()).each_ms(link);
        link.wake_at(link.now() + 1ms);
    }
};

std::unique_ptr<toxic> make(attribute_values const&)
{
    return std::make_unique<scripted>();
}

constexpr toxic_type scripted_type{
    .name = "scripted", .summary = "", .attributes = {}, .make = &make};

/// A line whose first toxic runs `each_ms` each ms, from 0 on.
class scripted_line {
public:
    explicit scripted_line(script each_ms, std::vector<stage_spec> const& behind = {})
    {
        common_->each_ms = std::move(each_ms);
        std::vector<stage_spec> chain{{1, 1, &scripted_type, {}, 7, nullptr, common_}};
        chain.insert(chain.end(), behind.begin(), behind.end());
        under_test.line.apply(chain, time_point{1000h});
    }

    toxic_line under_test;

private:
    std::shared_ptr<scripted_common> common_ = std::make_shared<scripted_common>();
};

TEST(pipeline_release, cuts_and_joins_chunks)
{
    scripted_line s([](toxic_context& link) { link.release(4, link.now()); });
    auto& line = s.under_test;
    line.push(0ms, "abcdef");
    line.push(0ms, "gh");
    line.push(0ms, "ijk");
    EXPECT_EQ(line.take(1ms - 1ns), "");
    EXPECT_EQ(line.pieces(1ms), (std::vector<std::string>{"abcd"}));
    EXPECT_EQ(line.pieces(2ms), (std::vector<std::string>{"ef", "gh"}));
    EXPECT_EQ(line.line.held_bytes(), 3U);
    EXPECT_EQ(line.pieces(3ms), (std::vector<std::string>{"ijk"}));
    EXPECT_EQ(line.take(4ms), "");
}

TEST(pipeline_release, counts_on_behind_what_was_released_before)
{
    bool first = true;
    scripted_line s([&](toxic_context& link) {
        if (std::exchange(first, false)) {
            link.release(2, link.now() + 10ms);
            link.release(2, link.now() + 5ms);  // nothing overtakes
            link.release(2, link.now() + 20ms);
        }
    });
    auto& line = s.under_test;
    line.push(0ms, "aabbccdd");
    EXPECT_EQ(line.take(11ms - 1ns), "");
    EXPECT_EQ(line.take(11ms), "aabb");
    EXPECT_EQ(line.take(21ms), "cc");
    EXPECT_EQ(line.take(1h), "");
}

TEST(pipeline_release, lets_the_end_leave_only_behind_the_last_byte)
{
    scripted_line s([](toxic_context& link) { link.release(3, link.now()); });
    auto& line = s.under_test;
    line.push(0ms, "abcdef");
    line.end(0ms);
    EXPECT_EQ(line.take(1ms), "abc");
    EXPECT_EQ(line.ended(), std::nullopt);
    EXPECT_EQ(line.take(2ms), "def");
    EXPECT_EQ(line.ended(), ending::half_close);
}

TEST(pipeline_release, never_lets_anything_leave_before_the_call)
{
    // What comes behind reckons from when it left, not from the due in the past.
    scripted_line s([](toxic_context& link) { link.release(9, time_point::min()); },
                    {spec_of({"latency", {{"latency", 10}}, 2})});
    auto& line = s.under_test;
    line.push(0ms, "abc");
    EXPECT_EQ(line.take(11ms - 1ns), "");
    EXPECT_EQ(line.take(11ms), "abc");
}

TEST(pipeline_release, leaves_the_room_that_the_bytes_took)
{
    scripted_line s([](toxic_context& link) { link.release(1000, link.now()); });
    auto& line = s.under_test;
    std::size_t pushed = 0;
    for (auto at = 0ms; at < 1000ms; at += 1ms) {
        for (; line.line.accepts(); pushed += 3000)
            line.push(at, std::string(3000, 'x'));
        EXPECT_LE(line.line.held_bytes(), 64U * 1024U + 3000U);
        pushed -= line.take(at).size();
    }
    EXPECT_EQ(pushed, line.line.held_bytes());
    EXPECT_GT(pushed, 60'000U);
}

}  // namespace
}  // namespace aconite::test
