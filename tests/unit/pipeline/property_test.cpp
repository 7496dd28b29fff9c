#include "tests/unit/pipeline/random_walk.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

/// A toxic that may delay and cut, but must neither lose nor change anything.
wanted gentle_toxic(random_walk& walk)
{
    switch (walk.pick(0, 8)) {
    case 0:
        return {"latency", {{"latency", walk.pick(0, 30)}, {"jitter", walk.pick(0, 30)}}};
    case 1:
        return {"bandwidth",
                {{"rate", walk.chance(20) ? 0 : walk.pick(1, 2000)},
                 {"shared", walk.chance(50)},
                 {"burst", walk.chance(30) ? walk.pick(1, 3000) : 0}}};
    case 2: {
        auto const average = walk.pick(0, 500);
        return {"slicer",
                {{"average_size", average},
                 {"size_variation", walk.pick(0, average)},
                 {"delay", walk.pick(0, 2000)}}};
    }
    case 3:
        return {"slow_close", {{"delay", walk.pick(0, 40)}}};
    case 4:
        return {"limit_data", {{"bytes", 1'000'000'000 + walk.pick(0, 9)}}};
    case 5:
        return {"stall", {{"duration", walk.pick(1, 40)}}};
    case 6:
        return {"limit_time", {{"time", 1'000'000'000 + walk.pick(0, 9)}}};
    case 7:
        return {"loss",
                {{"rate", static_cast<double>(walk.pick(0, 20)) / 100},
                 {"burst", static_cast<double>(walk.chance(50) ? walk.pick(1, 5) : 0)},
                 {"segment", walk.pick(1, 2000)},
                 {"rto_min", walk.pick(1, 20)}}};
    default:
        return {"noop", {}};
    }
}

std::size_t queue_limit_of(stage_spec const& spec)
{
    return spec.type->make(spec.values)->queue_limit_bytes();
}

TEST(pipeline_property, bytes_out_equal_bytes_in_whatever_is_edited_meanwhile)
{
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        random_walk walk(seed, gentle_toxic);
        walk.walk(60);
        ASSERT_FALSE(HasFatalFailure());
        ASSERT_EQ(walk.line.held_bytes(), walk.sent_bytes - walk.taken_bytes);

        if (!walk.end_sent)
            walk.send_end();
        walk.remove_all();  // lets go whatever is held, at once
        ASSERT_TRUE(walk.line.ended() == std::nullopt || walk.line.held_bytes() == 0);
        walk.take(std::numeric_limits<std::int64_t>::max());
        walk.settle();
        ASSERT_EQ(walk.taken_bytes, walk.sent_bytes);
        ASSERT_EQ(walk.line.ended(), ending::half_close);
        ASSERT_EQ(walk.line.held_cost_bytes(), 0U);
        ASSERT_TRUE(walk.line.idle());
    }
}

TEST(pipeline_property, everything_leaves_in_its_time_without_any_edit)
{
    for (std::uint64_t seed = 0; seed < 1500; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        random_walk walk(seed, [](random_walk& w) {
            for (;;) {
                auto one = gentle_toxic(w);
                if (one.type != "bandwidth" || one.attributes[0].second != attribute_value(0))
                    return one;
            }
        });
        walk.add();
        walk.add();
        walk.add();
        for (int i = 0; i < 30; ++i) {
            walk.push();
            walk.wait();
            walk.settle();
        }
        walk.send_end();
        // Each wake-up must bring at least one piece or the end nearer.
        auto wakeups = 3 * walk.sent_bytes + 100;
        for (; wakeups > 0 && !walk.line.ended(); --wakeups) {
            walk.take(std::numeric_limits<std::int64_t>::max());
            walk.settle();
            ASSERT_FALSE(HasFatalFailure());
            if (!walk.line.ended()) {
                ASSERT_NE(walk.line.next_due(), never) << "stuck";
                walk.now = walk.line.next_due();
            }
        }
        ASSERT_EQ(walk.taken_bytes, walk.sent_bytes);
        ASSERT_EQ(walk.line.ended(), ending::half_close);
    }
}

TEST(pipeline_property, a_receiver_that_takes_nothing_bounds_what_is_held)
{
    constexpr std::size_t chunk_bytes = 4096;
    constexpr std::size_t output_limit_bytes = 256 * 1024;
    auto const chunk = slice::copy_of(std::string(chunk_bytes, 'x'));
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        random_walk dice(seed, gentle_toxic);
        pipeline line;
        time_point now{1000h};
        std::vector<stage_spec> specs;
        std::size_t bound = output_limit_bytes + chunk_bytes;
        while (specs.size() < 3) {
            auto const one = gentle_toxic(dice);
            if (one.type == "latency")  // its limit is another order of size
                continue;
            specs.push_back(spec_of(one));
            specs.back().id = specs.size();
            bound += queue_limit_of(specs.back()) + chunk_bytes;
        }
        line.apply(specs, now);
        int wakeups = 0;
        while (line.accepts() || line.next_due() != never) {
            ASSERT_LT(++wakeups, 1'000'000);
            if (line.accepts())
                line.push(chunk, now);
            else
                now = line.next_due();
            line.advance(now);
            ASSERT_GT(line.next_due(), now);
            ASSERT_LE(line.held_bytes(), bound);
        }
    }
}

TEST(pipeline_property, a_latency_holds_its_limit_and_one_chunk_at_most)
{
    auto const spec = spec_of({"latency", {{"latency", 1000}}});
    auto const limit = queue_limit_of(spec);
    auto const chunk = slice::copy_of(std::string(65536, 'x'));
    pipeline line;
    time_point const now{1000h};
    line.apply({spec}, now);
    while (line.accepts())
        line.push(chunk, now);
    EXPECT_LE(line.held_bytes(), limit + chunk.size());
    EXPECT_GT(line.held_bytes(), limit * 9 / 10);
}

TEST(pipeline_property, small_pieces_cost_more_than_their_bytes)
{
    toxic_line line{{"slicer", {{"average_size", 1}}}, {"latency", {{"latency", 10}}}};
    line.push(0ms, std::string(1000, 'x'));
    EXPECT_EQ(line.take(0ms), "");
    EXPECT_EQ(line.line.held_bytes(), 1000U);
    EXPECT_GT(line.line.held_cost_bytes(), 50'000U);
    line.take(10ms);
    EXPECT_EQ(line.line.held_cost_bytes(), 0U);
}

TEST(pipeline_property, one_call_moves_some_pieces_and_the_next_one_goes_on)
{
    std::string const sent(20'000, 'x');
    toxic_line line{{"slicer", {{"average_size", 1}}}, {"latency", {{"latency", 10}}}};
    line.push(0ms, sent);
    line.line.advance(time_point(1000h));
    EXPECT_EQ(line.next(), 0ms);
    std::string got;
    for (int calls = 0; got.size() < sent.size() && calls < 100; ++calls)
        got += line.take(10ms);
    EXPECT_EQ(got, sent);
    EXPECT_EQ(line.next(), toxic_line::forever);
}

TEST(pipeline_property, the_same_walk_leaves_at_the_same_times)
{
    auto const times = [](std::uint64_t random_key) {
        toxic_line line{{"slicer",
                         {{"average_size", 50}, {"size_variation", 40}, {"delay", 300}},
                         1,
                         1,
                         random_key},
                        {"latency", {{"latency", 20}, {"jitter", 20}}, 2, 1, random_key + 1}};
        for (int i = 0; i < 20; ++i)
            line.push(i * 5ms, std::string(200, 'x'));
        std::vector<std::pair<std::chrono::nanoseconds, std::size_t>> all;
        while (line.next() != toxic_line::forever) {
            auto const at = line.next();
            all.emplace_back(at, line.take(at).size());
        }
        return all;
    };
    EXPECT_EQ(times(5), times(5));
    EXPECT_NE(times(5), times(6));
}

}  // namespace
}  // namespace aconite::test
