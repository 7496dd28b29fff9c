#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

/// Serves like a link does: only at the times that the line asks for.
void serve_until(pipeline& line, time_point& now, time_point until)
{
    line.advance(now);
    while (line.next_due() <= until) {
        now = line.next_due();
        line.advance(now);
    }
    now = until;
}

std::size_t take_all(pipeline& line, time_point now)
{
    std::size_t taken = 0;
    while (!line.front().empty()) {
        taken += line.front().size();
        line.consume(line.front().size());
        line.advance(now);
    }
    return taken;
}

/// Fills a line with `fill` chunks that nobody takes, lets another megabyte come due behind
/// them, and returns how much leaves in the half second after the receiver wakes up.
std::size_t rush_after_stall(int fill)
{
    time_point now{1000h};
    pipeline line;
    auto slow = spec_of({"bandwidth", {{"rate", 1000}}});
    slow.id = 2;
    line.apply({spec_of({"latency", {{"latency", 100}}}), slow}, now);

    auto const chunk = slice::copy_of(std::string(16'000, 'x'));
    for (int i = 0; i < fill; ++i) {
        line.push(chunk, now);
        serve_until(line, now, now + 1s);
    }
    for (int i = 0; i < 63; ++i)
        line.push(chunk, now);
    serve_until(line, now, now + 10s);

    auto taken = take_all(line, now);
    auto const end = now + 500ms;
    while (line.next_due() <= end) {
        now = line.next_due();
        line.advance(now);
        taken += take_all(line, now);
    }
    return taken;
}

TEST(pipeline_stall, what_waited_for_room_arrives_when_there_is_room)
{
    // What waits behind the rate already is let go at once; then half a megabyte is due.
    constexpr std::size_t behind_the_rate = (256 + 64) * 1024 + 2 * 16'000;
    for (int fill = 0; fill < 40; ++fill)
        EXPECT_LE(rush_after_stall(fill), behind_the_rate + 500'000) << "after " << fill;
}

}  // namespace
}  // namespace aconite::test
