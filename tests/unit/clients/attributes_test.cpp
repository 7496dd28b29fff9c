#include "clients/cli/line/attributes.hpp"

#include <aconite/aim.hpp>
#include <aconite/toxic_type.hpp>

#include <gtest/gtest.h>

namespace aconite::cli {
namespace {

std::string sent(std::string const& text)
{
    return attribute_value(text).dump();
}

TEST(cli_attributes, sends_whole_numbers_without_fraction)
{
    EXPECT_EQ(sent("100"), "100");
    EXPECT_EQ(sent("+100"), "100");
    EXPECT_EQ(sent("-7"), "-7");
    EXPECT_EQ(sent("1e3"), "1000");
    EXPECT_EQ(sent("100.0"), "100");
    EXPECT_EQ(sent("9223372036854775807"), "9223372036854775807");
    EXPECT_EQ(sent("1.5"), "1.5");
    EXPECT_EQ(sent("+-7"), "\"+-7\"");
}

TEST(cli_attributes, sends_true_and_false_as_they_are)
{
    EXPECT_EQ(sent("true"), "true");
    EXPECT_EQ(sent("false"), "false");
}

TEST(cli_attributes, sends_everything_else_as_text)
{
    for (auto const* text : {"", "abc", "5ms", "0x10", "inf", "nan", "1=2", "True", "yes"})
        EXPECT_EQ(attribute_value(text), nlohmann::json(text));
}

TEST(cli_attributes, may_be_repeated_and_separated_by_commas)
{
    nlohmann::json values;
    ASSERT_TRUE(read_attributes({"a=1,b=2", " c=x=y ", "a=3"}, false, {}, values));
    EXPECT_EQ(values.dump(), R"({"a":3,"b":2,"c":"x=y"})");
}

TEST(cli_attributes, with_a_dot_are_members_of_an_object)
{
    nlohmann::json values;
    ASSERT_TRUE(read_attributes({"table.p50=5,table.p99.9=80,latency=1"}, false, {}, values));
    EXPECT_EQ(values.dump(), R"({"latency":1,"table":{"p50":5,"p99.9":80}})");
    ASSERT_TRUE(read_attributes({"table=1,table.p50=5"}, false, {}, values));
    EXPECT_EQ(values.dump(), R"({"table":{"p50":5}})");
    ASSERT_TRUE(read_attributes({"table.p50=5"}, /*lenient=*/true, {}, values));
    EXPECT_EQ(values.dump(), R"({"table.p50":5})");
}

TEST(cli_attributes, without_a_value_are_refused_or_skipped)
{
    nlohmann::json values;
    auto const read = read_attributes({"a=1", "rate"}, false, {}, values);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().text, "attribute 'rate' is not KEY=VALUE.");
    ASSERT_TRUE(read_attributes({"a=1", "rate"}, true, {}, values));
    EXPECT_EQ(values.dump(), R"({"a":1})");
}

std::span<attribute const> latency_row()
{
    static auto const registry = toxic_registry::builtin();
    return registry.find("latency")->attributes;
}

std::span<attribute const> slicer_row()
{
    static auto const registry = toxic_registry::builtin();
    return registry.find("slicer")->attributes;
}

TEST(cli_attributes, that_are_a_time_may_have_a_unit)
{
    nlohmann::json values;
    ASSERT_TRUE(
        read_attributes({"latency=5s,jitter=2ms,table.p50=1.5s"}, false, latency_row(), values));
    EXPECT_EQ(values.dump(), R"({"jitter":2,"latency":5000,"table":{"p50":1500}})");
    ASSERT_TRUE(read_attributes({"delay=2ms,average_size=9"}, false, slicer_row(), values));
    EXPECT_EQ(values.dump(), R"({"average_size":9,"delay":2000})");
}

TEST(cli_attributes, are_never_half_read_numbers)
{
    std::vector<std::pair<std::string, std::string>> const cases{
        {"latency=1,000", "attribute 'latency=1,000': a number has no comma in it."},
        {"jitter=5,latency=1,000", "attribute 'latency=1,000': a number has no comma in it."},
        {"latency=5x", "attribute 'latency' must be a number of ms, not '5x'."},
        {"latency=0x10", "attribute 'latency' must be a number of ms, not '0x10'."},
        {"latency=1.000.000", "attribute 'latency' must be a number of ms, not '1.000.000'."},
        {"latency=", "attribute 'latency' must be a number of ms, not ''."},
        {"latency=true", "attribute 'latency' must be a number of ms, not 'true'."},
        {"jitter=0.0001ms", "attribute 'jitter' must be a number of ms, not '0.0001ms'."},
        {"table.p50=1e999", "attribute 'table.p50' must be a number of ms, not '1e999'."},
    };
    for (auto const& [text, wrong] : cases) {
        nlohmann::json values;
        auto const read = read_attributes({text}, false, latency_row(), values);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().text, wrong);
    }
    nlohmann::json values;
    for (bool const lenient : {false, true})
        EXPECT_FALSE(read_attributes({"latency=1,000"}, lenient, {}, values));
    EXPECT_FALSE(read_members({"every=1,000"}, match_row(), values));
    EXPECT_FALSE(read_members({"after_ms=1x"}, trigger_row(), values));
    ASSERT_TRUE(read_members({"after_ms=2s"}, trigger_row(), values));
    EXPECT_EQ(values.dump(), R"({"after_ms":2000})");
}

TEST(cli_attributes, that_are_texts_may_have_commas)
{
    nlohmann::json values;
    auto const row = toxic_registry::builtin().find("substitute")->attributes;
    ASSERT_TRUE(read_attributes({"pattern=a{1,3},wait=5", "replacement=hello, b =c, x"}, false, row,
                                values));
    EXPECT_EQ(values.dump(), R"({"pattern":"a{1,3}","replacement":"hello, b =c, x","wait":5})");
    EXPECT_FALSE(read_attributes({"wait=5,3"}, false, row, values));
    EXPECT_FALSE(read_attributes({"wait=5,x"}, false, row, values));
    ASSERT_TRUE(read_attributes({"pattern=a,b=c"}, false, row, values));
    EXPECT_EQ(values.dump(), R"({"b":"c","pattern":"a"})");  // the server knows none such
}

TEST(cli_members, stay_text_where_their_row_says_so)
{
    nlohmann::json values;
    ASSERT_TRUE(
        read_members({"client=10.0.0.0/8, ::1,every=2", "label=12,a"}, match_row(), values));
    EXPECT_EQ(values.dump(), R"({"client":"10.0.0.0/8, ::1","every":2,"label":"12,a"})");
    ASSERT_TRUE(read_members({"scope=connection,times=1", "new=x"}, trigger_row(), values));
    EXPECT_EQ(values.dump(), R"({"new":"x","scope":"connection","times":1})");
}

TEST(cli_members, without_a_value_are_refused)
{
    nlohmann::json values;
    for (auto const* text : {"every", "every=2,3", "client"})
        EXPECT_FALSE(read_members({"client=::1", text}, match_row(), values)) << text;
}

TEST(cli_toxicity, is_a_number_from_0_to_1)
{
    EXPECT_EQ(read_toxicity("0"), 0.0F);
    EXPECT_EQ(read_toxicity("0.2"), 0.2F);
    EXPECT_EQ(read_toxicity("1"), 1.0F);
    for (auto const* text : {"-0.1", "1.01", "nan", "x", ""})
        EXPECT_FALSE(read_toxicity(text)) << text;
}

}  // namespace
}  // namespace aconite::cli
