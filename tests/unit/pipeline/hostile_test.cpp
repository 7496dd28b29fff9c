#include "tests/unit/pipeline/random_walk.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

std::int64_t hostile_integer(random_walk& walk, attribute const& a)
{
    switch (walk.pick(0, 4)) {
    case 0:
        return a.minimum;
    case 1:
        return a.maximum;
    case 2:
        return walk.pick(a.minimum, a.maximum);
    default:  // of any order of size
        return std::min(a.maximum, a.minimum + (std::int64_t{1} << walk.pick(0, 40)));
    }
}

double hostile_number(random_walk& walk, attribute const& a)
{
    auto const share = static_cast<double>(walk.pick(0, 1000)) / 1000;
    auto const whole = static_cast<double>(hostile_integer(walk, a));
    return walk.chance(50) ? whole : std::max(static_cast<double>(a.minimum), whole * share);
}

attribute_value hostile_value(random_walk& walk, attribute const& a)
{
    switch (a.kind) {
    case attribute_kind::number:
        return hostile_number(walk, a);
    case attribute_kind::choice:
        return std::string(
            a.names[static_cast<std::size_t>(walk.pick(0, std::ssize(a.names) - 1))]);
    case attribute_kind::numbers: {
        static constexpr std::string_view percentiles[] = {"p1", "p50", "p999"};
        named_numbers numbers;
        for (auto const name : a.names.empty() ? percentiles : a.names)
            if (walk.chance(20))
                numbers.emplace_back(name, hostile_number(walk, a));
        return numbers;
    }
    case attribute_kind::flag:
        return walk.chance(50);
    case attribute_kind::pattern:
        return std::string(walk.chance(50) ? "[a-m]+" : walk.chance(50) ? ".*z" : "q");
    case attribute_kind::text:
        return std::string(walk.chance(50) ? "" : "\\0\\0");
    default:
        return hostile_integer(walk, a);
    }
}

/// Any toxic with any attributes that the registry lets through.
wanted hostile_toxic(random_walk& walk)
{
    auto const all = builtin_toxics().all();
    for (;;) {
        auto const* type =
            all[static_cast<std::size_t>(walk.pick(0, static_cast<std::int64_t>(all.size()) - 1))];
        if (type->make == nullptr)
            continue;  // acts on no stream
        wanted one{std::string(type->name), {}};
        attribute_values values(type->attributes);
        for (auto const& a : type->attributes) {
            one.attributes.emplace_back(a.name, hostile_value(walk, a));
            values.set(a.name, one.attributes.back().second).value();
        }
        if (type->check == nullptr || type->check(values))
            return one;
    }
}

TEST(pipeline_hostile, any_accepted_attributes_neither_overflow_nor_loop)
{
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        random_walk walk(seed, hostile_toxic);
        for (int leg = 0; leg < 3; ++leg) {
            for (int i = 0; i < 15; ++i) {
                walk.push();
                walk.wait();
                walk.advance();
                ASSERT_GT(walk.line.next_due(), walk.now);
                while (!walk.line.front().empty()) {
                    walk.line.consume(walk.line.front().size());
                    walk.advance();
                }
                if (walk.chance(20))
                    walk.add();
                if (walk.chance(20))
                    walk.update();
                if (walk.chance(10))
                    walk.remove();
            }
            if (walk.chance(50))
                walk.now = std::max(walk.now, std::min(walk.line.next_due(), walk.now + 24h * 365));
        }
        walk.send_end(static_cast<ending>(walk.pick(0, 2)));
        walk.remove_all();
        walk.advance();
        while (!walk.line.front().empty()) {
            walk.line.consume(walk.line.front().size());
            walk.advance();
        }
        ASSERT_TRUE(walk.line.ended()) << "an end got lost";
        ASSERT_EQ(walk.line.held_bytes(), 0U);
    }
}

TEST(pipeline_hostile, each_toxic_stands_each_bound_alone)
{
    for (auto const* type : builtin_toxics().all()) {
        if (type->make == nullptr)
            continue;
        for (auto const& a : type->attributes) {
            if (a.kind != attribute_kind::integer && a.kind != attribute_kind::number)
                continue;
            for (auto const value : {a.minimum, a.minimum + 1, a.maximum - 1, a.maximum}) {
                SCOPED_TRACE(testing::Message() << type->name << ' ' << a.name << ' ' << value);
                attribute_values values(type->attributes);
                ASSERT_TRUE(values.set(a.name, value));
                toxic_line line;
                line.line.apply({{1, 1, type, values, 1, {}, type->common_for(values)}},
                                time_point{1000h});
                line.push(0ms, std::string(5000, 'x'));
                line.end(1ms);
                line.take(2ms);
                EXPECT_GT(line.next(), 2ms);
                line.take(24h * 365);
                line.set(24h * 366, {});
                line.take(24h * 366);
                EXPECT_TRUE(line.ended());
            }
            attribute_values values(type->attributes);
            for (auto const value : {std::numeric_limits<std::int64_t>::min(), a.minimum - 1})
                EXPECT_FALSE(values.set(a.name, value)) << type->name << ' ' << a.name;
            if (a.maximum < std::numeric_limits<std::int64_t>::max()) {
                EXPECT_FALSE(values.set(a.name, a.maximum + 1)) << type->name << ' ' << a.name;
            }
        }
    }
}

}  // namespace
}  // namespace aconite::test
