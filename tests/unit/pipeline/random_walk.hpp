#pragma once

#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

namespace aconite::test {

/// Pushes, takes, waits and edits at random, and checks after every step what must always
/// hold. The same seed walks the same way.
class random_walk {
public:
    /// A toxic with attributes as the test likes them; id and version are set by the walk.
    using toxic_maker = std::function<wanted(random_walk&)>;

    random_walk(std::uint64_t seed, toxic_maker maker) : dice_(seed), maker_(std::move(maker)) {}

    std::int64_t pick(std::int64_t low, std::int64_t high)
    {
        return std::uniform_int_distribution<std::int64_t>(low, high)(dice_);
    }
    bool chance(int percent) { return pick(1, 100) <= percent; }

    /// What the stream must carry at `position`.
    static char byte_at(std::uint64_t position)
    {
        return static_cast<char>((position * 2654435761U) >> 13U);
    }

    void walk(int steps)
    {
        for (int edits = static_cast<int>(pick(0, 3)); edits > 0; --edits)
            add();
        for (; steps > 0 && !testing::Test::HasFatalFailure(); --steps) {
            auto const what = pick(0, 99);
            if (what < 45)
                push();
            else if (what < 70)
                take(pick(1, 4000));
            else if (what < 85)
                wait();
            else if (what < 90)
                add();
            else if (what < 94)
                update();
            else if (what < 98)
                remove();
            else if (!end_sent)
                send_end();
            settle();
        }
    }

    void push()
    {
        if (end_sent || !line.accepts())
            return;
        auto const size = chance(5) ? pick(1, 20'000) : pick(1, 300);
        std::string text;
        for (std::int64_t i = 0; i < size; ++i)
            text.push_back(byte_at(sent_bytes++));
        line.push(slice::copy_of(text), now);
    }

    void send_end(ending how = ending::half_close)
    {
        end_sent = how;
        line.push_end(how, now);
    }

    void wait() { now += std::chrono::microseconds(chance(50) ? pick(0, 200) : pick(0, 50'000)); }

    void add()
    {
        if (chain_.size() < 5) {
            chain_.push_back(made(++last_id_));
            apply();
        }
    }

    void update()
    {
        if (chain_.empty())
            return;
        auto& one = chain_[index()];
        for (int tries = 0; tries < 20; ++tries) {
            auto fresh = made(one.id);
            if (fresh.type == one.type) {
                one = fresh;
                break;
            }
        }
        apply();
    }

    void remove()
    {
        if (chain_.empty())
            return;
        chain_.erase(chain_.begin() + static_cast<std::ptrdiff_t>(index()));
        apply();
    }

    void remove_all()
    {
        chain_.clear();
        apply();
    }

    /// Moves all that is due.
    void advance()
    {
        while (line.advance(now) > 0) {}
    }

    /// Takes at most `count` bytes, in bites of any size, comparing each.
    void take(std::int64_t count)
    {
        advance();
        while (count > 0 && !line.front().empty()) {
            auto const bite = std::min<std::int64_t>(
                {count, pick(1, 2000), static_cast<std::int64_t>(line.front().size())});
            for (char const c : line.front().substr(0, static_cast<std::size_t>(bite)))
                in_order = in_order && c == byte_at(taken_bytes++);
            line.consume(static_cast<std::size_t>(bite));
            advance();
            count -= bite;
        }
    }

    /// Serves what is due and checks that this leaves nothing to do before some later time.
    void settle()
    {
        advance();
        ASSERT_GT(line.next_due(), now) << "the caller would spin";
        ASSERT_TRUE(in_order) << "near byte " << taken_bytes;
        ASSERT_LE(line.held_bytes(), sent_bytes - taken_bytes);
        if (line.ended()) {
            ASSERT_TRUE(line.front().empty()) << "bytes behind the end";
        }
    }

    pipeline line;
    time_point now{std::chrono::hours(1000)};
    std::uint64_t sent_bytes = 0;
    std::uint64_t taken_bytes = 0;
    std::optional<ending> end_sent;
    bool in_order = true;

private:
    std::size_t index()
    {
        return static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(chain_.size()) - 1));
    }

    wanted made(std::uint64_t id)
    {
        auto one = maker_(*this);
        one.id = id;
        one.version = ++last_version_;
        one.random_key = id;
        if (chance(40))
            one.when = some_trigger();
        return one;
    }

    std::shared_ptr<trigger> some_trigger()
    {
        auto const up_to = [&](std::int64_t most) {
            return static_cast<std::uint64_t>(pick(0, most));
        };
        return std::make_shared<trigger>(
            trigger::rule{.after = std::chrono::microseconds(chance(50) ? pick(0, 20'000) : 0),
                          .after_bytes = chance(50) ? up_to(3000) : 0,
                          .after_hits = up_to(3),
                          .every = 1 + up_to(2),
                          .times = up_to(4),
                          .per_connection = chance(50)});
    }

    void apply()
    {
        std::vector<stage_spec> specs;
        for (auto const& one : chain_)
            specs.push_back(spec_of(one));
        line.apply(specs, now);
    }

    std::mt19937_64 dice_;
    toxic_maker maker_;
    std::vector<wanted> chain_;
    std::uint64_t last_id_ = 0;
    std::uint64_t last_version_ = 0;
};

}  // namespace aconite::test
