#include "api/daemon/variables.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace aconite::daemon {
namespace {

using api::json;

class variables : public ::testing::Test {
protected:
    variables()
    {
        ::setenv("ACONITE_TEST_SET", "on", 1);
        ::setenv("ACONITE_TEST_EMPTY", "", 1);
        ::unsetenv("ACONITE_TEST_UNSET");
    }
    ~variables() override
    {
        ::unsetenv("ACONITE_TEST_SET");
        ::unsetenv("ACONITE_TEST_EMPTY");
    }

    /// The text after expansion, or the problem.
    static std::string of(std::string const& text)
    {
        json value = text;
        auto const done = expand_variables(value);
        return done ? value.get<std::string>() : done.error().text;
    }
};

TEST_F(variables, stand_for_what_they_hold)
{
    EXPECT_EQ(of("${ACONITE_TEST_SET}"), "on");
    EXPECT_EQ(of("a ${ACONITE_TEST_SET}-${ACONITE_TEST_SET} b"), "a on-on b");
    EXPECT_EQ(of("<${ACONITE_TEST_EMPTY}>"), "<>");
}

TEST_F(variables, have_a_default_where_they_are_unset_or_empty)
{
    EXPECT_EQ(of("${ACONITE_TEST_SET:-x}"), "on");
    EXPECT_EQ(of("${ACONITE_TEST_EMPTY:-x}"), "x");
    EXPECT_EQ(of("${ACONITE_TEST_UNSET:-x:1->y}"), "x:1->y");
    EXPECT_EQ(of("<${ACONITE_TEST_UNSET:-}>"), "<>");
}

TEST_F(variables, leave_other_dollars_alone)
{
    EXPECT_EQ(of("$ACONITE_TEST_SET costs 5$"), "$ACONITE_TEST_SET costs 5$");
    EXPECT_EQ(of("$$"), "$");
    EXPECT_EQ(of("$$${ACONITE_TEST_SET}"), "$on");
    EXPECT_EQ(of("$${ACONITE_TEST_SET}"), "${ACONITE_TEST_SET}");
}

TEST_F(variables, that_are_not_set_are_named)
{
    EXPECT_EQ(of("x${ACONITE_TEST_UNSET}"),
              ": the environment variable ACONITE_TEST_UNSET is not set");
}

TEST_F(variables, that_are_none_are_told)
{
    for (auto const* text : {"${}", "${1A}", "${A B}", "${A-x}", "${:-x}", "${A:-${B}}"})
        EXPECT_NE(of(text).find("must be ${NAME} or ${NAME:-default}"), std::string::npos) << text;
    EXPECT_NE(of("${A").find("without its '}'"), std::string::npos);
}

TEST_F(variables, stand_in_texts_at_any_place_but_no_names)
{
    auto value =
        json::parse(R"([{"${ACONITE_TEST_SET}": ["${ACONITE_TEST_SET}", 5, true, null]}])");
    ASSERT_TRUE(expand_variables(value));
    EXPECT_EQ(value, json::parse(R"([{"${ACONITE_TEST_SET}": ["on", 5, true, null]}])"));
}

TEST_F(variables, are_told_with_the_place_of_the_text)
{
    auto value = json::parse(R"([1, {"a/b": {"c": "${ACONITE_TEST_UNSET}"}}])");
    auto const done = expand_variables(value);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().text,
              "/1/a~1b/c: the environment variable ACONITE_TEST_UNSET is not set");
}

TEST_F(variables, are_not_sought_without_end)
{
    std::string const open(100'000, '[');
    auto value = api::parse_first_value(open + std::string(100'000, ']')).value;
    auto const done = expand_variables(value);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().text.find("nested deeper than 32 levels"), std::string::npos);
}

}  // namespace
}  // namespace aconite::daemon
