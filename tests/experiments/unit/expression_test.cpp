#include "clients/experiment/values/expression.hpp"

#include <gtest/gtest.h>

#include <map>

namespace aconite::experiment {
namespace {

class known_values final : public meanings {
public:
    std::map<std::string, value, std::less<>> known{
        {"db.orders", 100.0},
        {"kafka.created", 99.0},
        {"text", std::string("healthy")},
        {"notable", 1.0},
        {"number_text", std::string("12")},
        {"a", id_list{"1", "2", "3", "3"}},
        {"b", id_list{"1", "3", "2"}},
    };

    [[nodiscard]] result<value> of_name(std::string_view name) const override
    {
        auto const found = known.find(name);
        if (found == known.end())
            return problem{0, "nothing is known of " + std::string(name)};
        return found->second;
    }
    [[nodiscard]] result<value> of_call(std::string_view function,
                                        std::vector<argument> const& arguments) const override
    {
        if (function != "delta")
            return problem{0, "no such function"};
        return value(arguments.front().name == "db.orders" ? 7.0 : -1.0);
    }
};

expression parsed(std::string_view text)
{
    auto read = expression::parse(text);
    if (auto const* fault = std::get_if<expression_fault>(&read))
        throw std::runtime_error(std::string(text) + ": " + fault->text);
    return std::get<expression>(read);
}

double number(std::string_view text)
{
    auto const is = parsed(text).evaluate(known_values());
    return is ? as_number(*is).value() : throw std::runtime_error(is.error().text);
}

TEST(expression, computes_as_people_read_it)
{
    EXPECT_EQ(number("1 + 2 * 3"), 7);
    EXPECT_EQ(number("(1 + 2) * 3"), 9);
    EXPECT_EQ(number("10 - 2 - 3"), 5);
    EXPECT_EQ(number("-2 * -3"), 6);
    EXPECT_EQ(number("12 / 4 / 3"), 1);
    EXPECT_EQ(number("95%"), 0.95);
    EXPECT_EQ(number("250ms + 1.5s"), 1.75);
    EXPECT_EQ(number("db.orders - kafka.created == 1"), 1);
    EXPECT_EQ(number("db.orders<kafka.created or not 1 > 2 and text == 'healthy'"), 1);
    EXPECT_EQ(number("number_text * 2"), 24);
    EXPECT_EQ(number("0.1 + 0.2 == 0.3"), 1);
    EXPECT_EQ(number("0.1 + 0.2 > 0.3"), 0);
    EXPECT_EQ(number("delta(db.orders) + 0"), 7);
    EXPECT_EQ(number("max(1, db.orders, 3) + abs(0 - 4) + round(1.4)"), 105);
    EXPECT_EQ(number("notable == 1 or true and false or 1"), 1)
        << "a name may begin as a word does";
}

TEST(expression, compares_lists_of_two_stores)
{
    EXPECT_EQ(number("count(missing(a, b))"), 0);
    EXPECT_EQ(number("count(duplicates(a)) == 1"), 1);
    EXPECT_EQ(number("count(unordered(b))"), 1);
    EXPECT_EQ(number("a == b"), 0);
    EXPECT_EQ(parsed("missing(a, b)").explain(known_values()),
              "missing(4 ids: 1, 2, 3, 3; 3 ids: 1, 3, 2) = none");
    EXPECT_EQ(parsed("count(missing(a, b)) == 0").explain(known_values()), "count(none) == 0");
    EXPECT_EQ(parsed("count(duplicates(a)) == 0").explain(known_values()), "count(1 ids: 3) == 0");
}

TEST(expression, tells_what_the_names_were)
{
    EXPECT_EQ(parsed("db.orders - kafka.created == 0").explain(known_values()), "100 - 99 == 0");
    EXPECT_EQ(parsed("(db.orders - nobody) * 2 < delta(db.orders)").explain(known_values()),
              "(100 - ?) * 2 < 7");
    EXPECT_EQ(parsed("a1 + delta(b.c, d) > a1").names(),
              (std::vector<std::string>{"a1", "b.c", "d"}));
    EXPECT_EQ(parsed("abs(delta(x)) > at(y, z)").functions(),
              (std::vector<std::string>{"delta", "at"}));
}

TEST(expression, says_where_it_goes_wrong)
{
    auto const offset = [](std::string_view text) {
        auto const read = expression::parse(text);
        auto const* fault = std::get_if<expression_fault>(&read);
        return fault != nullptr ? static_cast<int>(fault->offset) : -1;
    };
    EXPECT_EQ(offset("a b"), 2);
    EXPECT_EQ(offset("a +"), 3);
    EXPECT_EQ(offset("(a"), 2);
    EXPECT_EQ(offset("a = b"), 2);
    EXPECT_EQ(offset("5 parsecs"), 2);
    EXPECT_GE(offset("1 + missing(a)"), 0);  // that takes 2 lists
    EXPECT_EQ(offset("missing(a, b)"), -1);
    EXPECT_EQ(offset("5parsecs"), 0);
    EXPECT_EQ(offset("'open"), 0);
    EXPECT_EQ(offset(""), 0);
    EXPECT_EQ(offset(std::string(5000, '1')), 4000);
    EXPECT_NE(offset(std::string(100, '(')), -1);
    EXPECT_NE(offset(std::string(300, '-') + "1"), -1);
}

TEST(expression, does_not_make_up_what_is_not_known)
{
    auto const fault = [](std::string_view text) {
        auto const is = parsed(text).evaluate(known_values());
        return is ? "" : is.error().text;
    };
    EXPECT_EQ(fault("nobody == 0"), "nothing is known of nobody");
    EXPECT_EQ(fault("text + 1"), "healthy is no number: healthy");
    EXPECT_EQ(fault("1 / 0"), "a division by zero");
}

TEST(expression, a_condition_compares)
{
    for (auto const* each : {"a == 1", "not a < 1", "a > 1 and (b <= 2 or not c != 3)"})
        EXPECT_TRUE(parsed(each).is_condition()) << each;
    for (auto const* each : {"1", "a", "a - 1", "-a", "count(a)", "a == 1 and b", "not a", "'x'"})
        EXPECT_FALSE(parsed(each).is_condition()) << each;
}

TEST(expression, a_constant_needs_nothing)
{
    EXPECT_EQ(parsed("2 * 3 + 1").constant(), 7);
    EXPECT_EQ(parsed("a").constant(), std::nullopt);
    EXPECT_EQ(parsed("delta(a)").constant(), std::nullopt);
    EXPECT_EQ(parsed("1 / 0").constant(), std::nullopt);
}

}  // namespace
}  // namespace aconite::experiment
