#include "api/json/yaml_text.hpp"

#include "api/json/config_text.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace aconite::api {
namespace {

/// What the text means, or the problem, as JSON text.
std::string of(std::string_view text)
{
    auto const value = parse_yaml(text);
    return value ? value->dump() : value.error().text;
}

TEST(yaml_text, reads_what_the_same_json_is)
{
    EXPECT_EQ(of("- name: pg\n"
                 "  listen: 0.0.0.0:5433\n"
                 "  upstream: :5432\n"
                 "  enabled: false\n"
                 "  toxics:\n"
                 "    - type: latency\n"
                 "      toxicity: 0.5\n"
                 "      attributes: {latency: 100, jitter: -5}\n"),
              R"([{"name":"pg","listen":"0.0.0.0:5433","upstream":":5432","enabled":false,)"
              R"("toxics":[{"type":"latency","toxicity":0.5,)"
              R"("attributes":{"latency":100,"jitter":-5}}]}])");
    EXPECT_EQ(of(R"([{"name": "a", "toxics": []}])"), R"([{"name":"a","toxics":[]}])");
}

TEST(yaml_text, tells_numbers_and_booleans_from_text)
{
    EXPECT_EQ(of("[0, -1, +2, 007, 9223372036854775808, 1.5, -0.25, 1e3, .5]"),
              "[0,-1,2,7,9223372036854775808,1.5,-0.25,1000.0,0.5]");
    EXPECT_EQ(of("[true, True, TRUE, false, False, FALSE]"), "[true,true,true,false,false,false]");
    EXPECT_EQ(of("[null, ~, Null, ]"), "[null,null,null]");
    EXPECT_EQ(of("['5', \"true\", 'null', !!str 5, !!str true]"),
              R"(["5","true","null","5","true"])");
    EXPECT_EQ(of("[yes, on, 1:30, 0x10, 1_000, .inf, .nan, 1e999, 1.2.3, -, 2001-01-01, +-5, ++5]"),
              R"(["yes","on","1:30","0x10","1_000",".inf",".nan","1e999","1.2.3","-","2001-01-01",)"
              R"("+-5","++5"])");
}

TEST(yaml_text, takes_names_as_text_whatever_they_look_like)
{
    EXPECT_EQ(of("{5: a, true: b, 'x y': c}"), R"({"5":"a","true":"b","x y":"c"})");
    EXPECT_EQ(of("a: 1\nA: 2\na: 3\n"), R"({"a":1,"A":2,"a":3})");
}

TEST(yaml_text, puts_aliases_in_place)
{
    EXPECT_EQ(of("- &slow {latency: 1}\n- *slow\n- [*slow, &n 5, *n]\n"),
              R"([{"latency":1},{"latency":1},[{"latency":1},5,5]])");
}

TEST(yaml_text, tells_line_and_column)
{
    EXPECT_EQ(of("- a\n- *none\n"), "2:3: the referenced anchor is not defined");
    EXPECT_EQ(of("- a: b: c\n"), "1:7: illegal map value");
    EXPECT_EQ(of("- a\n- [1, 2\n"), "2:3: a key must be text, or a bracket is not closed");
    EXPECT_EQ(of("- {[1]: 2}\n"), "1:4: a key must be text, or a bracket is not closed");
    EXPECT_EQ(of("- &a [1, *a]\n"), "1:10: an alias of what it is a part of");
    EXPECT_EQ(of("- !!binary aGk=\n"), "1:3: the tag tag:yaml.org,2002:binary is not known");
    EXPECT_EQ(of("- !mine {}\n"), "1:3: the tag !mine is not known");
    EXPECT_EQ(of("- a\n---\n- b\n"), "2:1: there must be one document, this is a second one");
    EXPECT_EQ(of("- &a {x: 1}\n- <<: *a\n"),
              "2:3: merge keys (<<) are not known; an alias stands for a whole value");
    EXPECT_EQ(of("- \xff\n"), "1:3: text that is not UTF-8");
}

TEST(yaml_text, that_says_nothing_is_a_fault)
{
    for (auto const* text : {"", "\n\n", "# nothing\n", "---\n", "...\n", "~\n", "\xef\xbb\xbf"})
        EXPECT_EQ(of(text), "1:1: EOF") << text;
    EXPECT_EQ(of("[]"), "[]");
}

TEST(yaml_text, with_bytes_that_yaml_does_not_have_is_a_fault)
{
    EXPECT_EQ(of(std::string("- a\n- b\0c\n", 10)), "2:4: a control character");
    EXPECT_EQ(of("- a\n\x04- b\n"), "2:1: a control character");
    EXPECT_EQ(of("- a\r\n- \tb\r\n"), R"(["a","b"])");
}

TEST(yaml_text, is_bounded_in_depth_and_size)
{
    auto const nested = [](int levels) {
        return std::string(static_cast<std::size_t>(levels), '[') +
               std::string(static_cast<std::size_t>(levels), ']');
    };
    EXPECT_EQ(of(nested(32)), nested(32));
    EXPECT_EQ(of(nested(33)), "1:33: nested deeper than 32 levels");
    std::string chain = "- &a0 []\n";
    for (int i = 1; i < 40; ++i)
        chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
    EXPECT_EQ(of(chain), "32:9: nested deeper than 32 levels");

    std::string bomb = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        bomb += "- &a" + std::to_string(i) + " [";
        for (int k = 0; k < 10; ++k)
            bomb += "*a" + std::to_string(i - 1) + ", ";
        bomb += "]\n";
    }
    EXPECT_TRUE(of(bomb).ends_with("more than 16 MB, aliases in place")) << of(bomb);
}

TEST(yaml_text, takes_no_longer_than_its_size_is_worth)
{
    auto const begin = std::chrono::steady_clock::now();
    for (auto const* piece : {"[", "{", "- ", "? ", "a: ", "[a, ", "&a ", "'", "\"", "- a\n",
                              "a: b\n", "[]: ", "- &a x\n- *a\n", "#", "%", "\n"}) {
        std::string text;
        while (text.size() < std::size_t{1} << 18)
            text += piece;
        (void)parse_yaml(text);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(yaml_text, reads_back_what_it_wrote)
{
    auto const value = json::parse(R"([{"name": "5", "b": true, "c": [], "d": {}, "e": "true",
        "f": ["a: b", "- x", "#", "", " ", "'\"\\", "\n\t\u0001\u007f", "\u00fc\u2028", "~", "<<"],
        "g": [0, -1, 18446744073709551615, 0.1, 1e-7, 123456789.25, 1e300],
        "yes": {"x y": 1, "a: b": 2, "": 3, "null": 4, "5": 5, "- a": 6, "é": 7}}])");
    auto const text = write_yaml(value);
    auto const again = parse_yaml(text);
    ASSERT_TRUE(again) << again.error().text << "\n" << text;
    EXPECT_EQ(*again, value) << text;
    EXPECT_EQ(write_yaml(json::array()), "[]\n");
}

TEST(yaml_text, is_written_for_people)
{
    EXPECT_EQ(write_yaml(json::parse(R"([{"name":"a","enabled":true,"toxics":[],"x":{}},
                                         {"name":"b","toxics":[{"n":1}]}])")),
              "- name: \"a\"\n"
              "  enabled: true\n"
              "  toxics: []\n"
              "  x: {}\n"
              "- name: \"b\"\n"
              "  toxics:\n"
              "    - n: 1\n");
}

TEST(config_text, is_yaml_by_its_type)
{
    for (auto const* type : {"application/yaml", "application/x-yaml", "text/yaml", "Text/YAML",
                             " application/yaml ; charset=utf-8"})
        EXPECT_TRUE(is_yaml_type(type)) << type;
    for (auto const* type : {"", "application/json", "text/plain", "application/yamlx", ";"})
        EXPECT_FALSE(is_yaml_type(type)) << type;
}

}  // namespace
}  // namespace aconite::api
