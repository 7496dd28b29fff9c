#include "tests/support/toxic_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

TEST(toxic_registry, has_every_toxic_of_the_reference_with_its_attributes)
{
    std::vector<std::pair<std::string, std::vector<std::string>>> const expected{
        {"bandwidth", {"rate"}},     {"latency", {"latency", "jitter"}},
        {"limit_data", {"bytes"}},   {"noop", {}},
        {"reset_peer", {"timeout"}}, {"slicer", {"average_size", "size_variation", "delay"}},
        {"slow_close", {"delay"}},   {"timeout", {"timeout"}},
    };
    for (auto const& [name, attributes] : expected) {
        auto const* type = builtin_toxics().find(name);
        ASSERT_NE(type, nullptr) << name;
        EXPECT_EQ(type->name, name);
        std::vector<std::string> names;
        for (auto const& a : type->attributes)
            if (!a.extra)
                names.emplace_back(a.name);
        EXPECT_EQ(names, attributes) << name;
    }
}

TEST(toxic_registry, every_row_is_complete)
{
    std::set<std::string_view> names;
    for (auto const* type : builtin_toxics().all()) {
        EXPECT_TRUE(names.insert(type->name).second) << type->name << " is listed twice";
        EXPECT_FALSE(type->summary.empty()) << type->name;
        ASSERT_EQ((type->make != nullptr) + (type->attempts != nullptr) + (type->fault != nullptr),
                  1)
            << type->name;
        ASSERT_EQ(type->fault != nullptr, type->protocol != nullptr) << type->name;
        attribute_values const fallbacks(type->attributes);
        EXPECT_TRUE(type->make == nullptr || type->make(fallbacks)) << type->name;
        // Those of a protocol have to say what they do.
        EXPECT_EQ(type->check == nullptr || type->check(fallbacks), type->protocol == nullptr)
            << type->name;
        for (auto const& a : type->attributes) {
            SCOPED_TRACE(testing::Message() << type->name << '.' << a.name);
            EXPECT_FALSE(a.summary.empty());
            EXPECT_TRUE(attribute_values(type->attributes).set(a.name, a.fallback_value()));
            EXPECT_LT(a.minimum, a.maximum);
            EXPECT_TRUE(a.kind != attribute_kind::integer || !a.unit.empty());
        }
    }
}

TEST(toxic_registry, finds_by_exact_name_only)
{
    EXPECT_EQ(builtin_toxics().find("Latency"), nullptr);
    EXPECT_EQ(builtin_toxics().find("laten"), nullptr);
    EXPECT_EQ(builtin_toxics().find(""), nullptr);
}

TEST(toxic_registry, is_a_value_and_a_type_of_the_same_name_is_replaced)
{
    toxic_type mine = *builtin_toxics().find("noop");
    mine.summary = "mine";
    auto changed = builtin_toxics();
    changed.add(mine);
    EXPECT_EQ(changed.find("noop"), &mine);
    EXPECT_EQ(changed.all().size(), builtin_toxics().all().size());
    EXPECT_NE(builtin_toxics().find("noop"), &mine);

    toxic_type other = mine;
    other.name = "other";
    changed.add(other);
    EXPECT_EQ(changed.find("other"), &other);
    EXPECT_EQ(changed.all().size(), builtin_toxics().all().size() + 1);
}

constexpr attribute sample_row[] = {
    {.name = "delay", .unit = "ms", .summary = "", .fallback = 7, .minimum = -3, .maximum = 9},
    {.name = "count", .unit = "", .summary = "", .maximum = 5},
};

TEST(attribute_values, start_at_the_fallback)
{
    attribute_values const values(sample_row);
    EXPECT_EQ(values["delay"], 7);
    EXPECT_EQ(values["count"], 0);
    EXPECT_EQ(values.row().size(), 2U);
}

TEST(attribute_values, carry_their_unit)
{
    attribute_values values(sample_row);
    EXPECT_EQ(values.ms("delay"), 7ms);
    EXPECT_EQ(values.us("delay"), 7us);
}

TEST(attribute_values, take_both_bounds_and_nothing_beyond)
{
    attribute_values values(sample_row);
    EXPECT_TRUE(values.set("delay", -3));
    EXPECT_TRUE(values.set("delay", 9));
    auto const refused = values.set("delay", 10);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(),
              (problem{400, "bad request body: attribute 'delay' must be between -3 and 9 ms, "
                            "not 10"}));
    EXPECT_FALSE(values.set("delay", -4));
    EXPECT_EQ(values["delay"], 9);
}

TEST(attribute_values, name_a_bound_without_unit)
{
    attribute_values values(sample_row);
    EXPECT_EQ(values.set("count", 6).error().text,
              "bad request body: attribute 'count' must be between 0 and 5, not 6");
}

TEST(attribute_values, name_the_attribute_that_does_not_exist)
{
    attribute_values values(sample_row);
    EXPECT_EQ(values.set("dealy", 1).error(),
              (problem{400, "bad request body: unknown attribute 'dealy'"}));
    EXPECT_THROW(static_cast<void>(values["dealy"]), std::out_of_range);
}

constexpr std::string_view colours[] = {"red", "green"};
constexpr std::string_view axes[] = {"x", "y"};
constexpr attribute kinds_row[] = {
    {.name = "whole", .summary = ""},
    {.name = "share", .summary = "", .maximum = 1, .kind = attribute_kind::number},
    {.name = "colour",
     .summary = "",
     .fallback = 1,
     .kind = attribute_kind::choice,
     .names = colours},
    {.name = "point",
     .unit = "mm",
     .summary = "",
     .maximum = 10,
     .kind = attribute_kind::numbers,
     .names = axes},
    {.name = "free", .summary = "", .kind = attribute_kind::numbers},
    {.name = "loud", .summary = "", .kind = attribute_kind::flag},
    {.name = "quick", .summary = "", .fallback = 1, .kind = attribute_kind::flag},
};

TEST(attribute_values, hold_what_their_kind_says)
{
    attribute_values values(kinds_row);
    EXPECT_EQ(values.number("share"), 0.0);
    EXPECT_EQ(values.choice("colour"), "green");
    EXPECT_TRUE(values.numbers("point").empty());
    EXPECT_FALSE(values.flag("loud"));
    EXPECT_TRUE(values.flag("quick"));

    ASSERT_TRUE(values.set("share", 0.25));
    ASSERT_TRUE(values.set("colour", "red"));
    ASSERT_TRUE(values.set("point", named_numbers{{"y", 10}, {"x", 0.5}}));
    ASSERT_TRUE(values.set("free", named_numbers{{"anything", 3}}));
    ASSERT_TRUE(values.set("loud", true));
    EXPECT_EQ(values.number("share"), 0.25);
    EXPECT_EQ(values.choice("colour"), "red");
    EXPECT_EQ(values.numbers("point"), (named_numbers{{"y", 10}, {"x", 0.5}}));
    EXPECT_TRUE(values.flag("loud"));
    EXPECT_THROW(static_cast<void>(values["share"]), std::bad_variant_access);
    EXPECT_THROW(static_cast<void>(values["loud"]), std::bad_variant_access);
    EXPECT_THROW(static_cast<void>(values.flag("whole")), std::bad_variant_access);

    ASSERT_TRUE(values.set("share", 1));
    EXPECT_EQ(values.number("share"), 1.0);
}

TEST(attribute_values, name_what_a_kind_takes)
{
    attribute_values values(kinds_row);
    auto const refusal = [&](char const* name, attribute_value value) {
        auto const set = values.set(name, std::move(value));
        return set ? "" : set.error().text.substr(std::size("bad request body: attribute ") - 1);
    };
    EXPECT_EQ(refusal("whole", 0.5), "'whole' must be a whole number");
    EXPECT_EQ(refusal("whole", "1"), "'whole' must be a whole number");
    EXPECT_EQ(refusal("whole", true), "'whole' must be a whole number");
    EXPECT_EQ(refusal("share", "1"), "'share' must be a number");
    EXPECT_EQ(refusal("share", true), "'share' must be a number");
    EXPECT_EQ(refusal("share", 1.01), "'share' must be between 0 and 1, not 1.01");
    EXPECT_EQ(refusal("share", 2), "'share' must be between 0 and 1, not 2");
    EXPECT_EQ(refusal("colour", 1), "'colour' must be a text");
    EXPECT_EQ(refusal("colour", "blue"), "'colour' must be one of red, green, not 'blue'");
    EXPECT_EQ(refusal("point", 1), "'point' must be an object of numbers");
    EXPECT_EQ(refusal("point", named_numbers{{"z", 1}}),
              "'point' must be made of x, y, not of 'z'");
    EXPECT_EQ(refusal("point", named_numbers{{"x", 11}}),
              "'point.x' must be between 0 and 10 mm, not 11");
    EXPECT_EQ(refusal("loud", 1), "'loud' must be true or false");
    EXPECT_EQ(refusal("loud", "true"), "'loud' must be true or false");
    EXPECT_EQ(values, attribute_values(kinds_row));
}

TEST(attribute_values, compare_by_value)
{
    attribute_values a(sample_row);
    attribute_values b(sample_row);
    EXPECT_EQ(a, b);
    ASSERT_TRUE(a.set("count", 1));
    EXPECT_NE(a, b);
    ASSERT_TRUE(b.set("count", 1));
    EXPECT_EQ(a, b);
}

TEST(attribute_values, a_negative_rate_is_refused_with_its_unit)
{
    attribute_values values(builtin_toxics().find("bandwidth")->attributes);
    EXPECT_EQ(values.set("rate", -5).error().text,
              "bad request body: attribute 'rate' must be between 0 and 1000000000 KB/s, not -5");
}

}  // namespace
}  // namespace aconite::test
