#include "tests/support/toxic_line.hpp"

#include "proxy/pipeline/trigger.hpp"

#include <gtest/gtest.h>

namespace aconite::test {
namespace {

using namespace std::chrono_literals;

/// What comes out at once, and in the end, of a stream that is cut at these places.
struct outcome {
    std::string at_once;
    std::string all;
};

outcome through(attribute_list const& attributes, std::string_view sent,
                std::vector<std::size_t> const& cuts = {})
{
    toxic_line line(wanted{"substitute", attributes});
    std::size_t from = 0;
    for (auto const cut : cuts) {
        line.push(0ms, sent.substr(from, cut - from));
        from = cut;
    }
    line.push(0ms, sent.substr(from));
    outcome made{line.take(0ms), {}};
    line.end(0ms);
    made.all = made.at_once + line.take(0ms);
    EXPECT_EQ(line.ended(), ending::half_close);
    return made;
}

attribute_list replace(std::string pattern, std::string replacement, std::int64_t window = 256)
{
    return {{"pattern", std::move(pattern)},
            {"replacement", std::move(replacement)},
            {"window", window}};
}

TEST(substitute, replaces_each_match)
{
    EXPECT_EQ(through(replace("cat", "horse"), "a cat, a cat and a cow").all,
              "a horse, a horse and a cow");
    EXPECT_EQ(through(replace("[0-9]+", ""), "a1b22c").all, "abc");
    EXPECT_EQ(through(replace("(\\w+)=(\\w+)", "\\2=\\1 (\\0)"), "a=b").all, "b=a (a=b)");
    EXPECT_EQ(through(replace("", "x"), "abc").all, "abc");
}

TEST(substitute, works_on_bytes)
{
    using namespace std::literals;
    EXPECT_EQ(through(replace("\\x00\\xff", "-"), "a\0\xff\xfe"s).all, "a-\xfe");
    EXPECT_EQ(through(replace("\u00e9", "e"), "caf\u00e9").all, "cafe");
    EXPECT_EQ(through(replace("b", "a\0c"s), "abc").all, "aa\0cc"s);
}

TEST(substitute, gives_the_same_however_the_stream_is_cut)
{
    struct row {
        attribute_list attributes;
        std::string sent;
        std::string wanted;
    };
    for (auto const& [attributes, sent, wanted] :
         {row{replace("HTTP/1.1 200 OK", "HTTP/1.1 503 Unavailable"),
              "xHTTP/1.1 200 OHTTP/1.1 200 OK\r\n", "xHTTP/1.1 200 OHTTP/1.1 503 Unavailable\r\n"},
          row{replace("a+", "A"), "baaab aa", "bAb A"}, row{replace("a+", "A", 3), "aaaab", "AAb"},
          row{replace("ab.*z", "-", 3), "abccz abz", "abccz -"},
          row{replace("(?m)^b$", "X"), "b\nab\nb\nbb\nb", "X\nab\nX\nbb\nX"},
          row{replace("^b", "X"), "bbb", "Xbb"}, row{replace("b$", "X"), "bbb", "bbX"},
          row{replace("\\bat\\b", "AT"), "at hat at, ate", "AT hat AT, ate"},
          row{replace("aa", "a"), "aaaaa", "aaa"},
          row{replace(".{4}", "<\\0>", 4), "0123456789", "<0123><4567>89"}}) {
        for (std::size_t first = 1; first < sent.size(); ++first) {
            EXPECT_EQ(through(attributes, sent, {first}).all, wanted) << first;
            for (std::size_t second = first + 1; second < sent.size(); ++second)
                EXPECT_EQ(through(attributes, sent, {first, second}).all, wanted)
                    << first << ' ' << second;
        }
        std::vector<std::size_t> all;
        for (std::size_t i = 1; i < sent.size(); ++i)
            all.push_back(i);
        EXPECT_EQ(through(attributes, sent, all).all, wanted);
    }
}

TEST(substitute, finds_what_lies_across_the_blocks_of_a_large_read)
{
    std::string const word = "needle";
    for (auto const window : {6, 7, 100, 4096}) {
        std::string sent;
        std::string wanted;
        for (std::size_t i = 0; i < 60; ++i) {
            auto const hay = std::string(300 + 7 * i, 'n');
            sent.append(hay).append(word);
            wanted.append(hay).append("X");
        }
        EXPECT_EQ(through(replace(word, "X", window), sent).all, wanted) << window;
        EXPECT_EQ(through(replace(word, "X", window), sent, {5000, 5001, 9999}).all, wanted);
    }
    EXPECT_EQ(through(replace(word, "X", 5), "a needle").all, "a needle");
}

TEST(substitute, holds_only_what_may_be_the_beginning_of_a_match)
{
    EXPECT_EQ(through(replace("deadlock", "x"), "this is nothing of it").at_once,
              "this is nothing of it");
    EXPECT_EQ(through(replace("deadlock", "x"), "this is dead").at_once, "this is ");
    EXPECT_EQ(through(replace("dead(lock)?", "x"), "so dead!").at_once, "so x!");
    EXPECT_EQ(through(replace("a+", "x"), "baa").at_once, "b");
    // Where anything may begin one, the window is held.
    EXPECT_EQ(through(replace("[a-z]*z", "x", 4), "abcdefgh").at_once, "abcde");
}

TEST(substitute, what_is_held_goes_on_after_its_wait)
{
    auto attributes = replace("deadlock", "x");
    attributes.emplace_back("wait", 20);
    toxic_line line(wanted{"substitute", attributes});
    line.push(5ms, "dead");
    EXPECT_EQ(line.next(), 25ms);
    EXPECT_EQ(line.take(25ms - 1ns), "");
    EXPECT_EQ(line.take(25ms), "dead");
    EXPECT_EQ(line.next(), toxic_line::forever);
    line.push(26ms, "lock");  // too late to be one
    EXPECT_EQ(line.take(26ms), "lock");
    line.push(30ms, "xd");
    line.push(40ms, "ed");  // another beginning waits for itself
    EXPECT_EQ(line.take(49ms), "xde");
    EXPECT_EQ(line.take(60ms - 1ns), "");
    EXPECT_EQ(line.take(60ms), "d");
    line.push(70ms, "dead");
    line.push(75ms, "lock.");
    EXPECT_EQ(line.take(75ms), "x.");
}

TEST(substitute, a_match_that_could_grow_is_taken_as_it_is_in_time)
{
    toxic_line line(wanted{"substitute", replace("a+", "x")});
    line.push(0ms, "aa");
    EXPECT_EQ(line.take(9ms), "");
    EXPECT_EQ(line.take(10ms), "x");
}

TEST(substitute, without_a_wait_each_read_is_looked_at_by_itself)
{
    auto attributes = replace("lock", "x");
    attributes.emplace_back("wait", 0);
    toxic_line line(wanted{"substitute", attributes});
    line.push(0ms, "a lock, lo");
    EXPECT_EQ(line.take(0ms), "a x, lo");
    line.push(0ms, "ck");
    EXPECT_EQ(line.take(0ms), "ck");
}

TEST(substitute, update_and_removal_let_go_in_order)
{
    toxic_line line(wanted{"substitute", replace("deadlock", "x")});
    line.push(0ms, "dead");
    line.set(1ms, {{"substitute", replace("lock", "y"), 1, 2}});
    line.push(1ms, "lock lo");
    EXPECT_EQ(line.take(1ms), "deady ");
    line.set(2ms, {});
    line.push(2ms, "ck");
    EXPECT_EQ(line.take(2ms), "lock");
}

TEST(substitute, its_trigger_lets_off)
{
    trigger::rule rules;
    rules.after_hits = 1;
    rules.times = 1;
    wanted toxic{"substitute", replace("a", "b")};
    toxic.when = std::make_shared<trigger>(rules);
    toxic_line line(toxic);
    line.push(0ms, "aaa ");
    EXPECT_EQ(line.take(0ms), "aba ");
}

TEST(substitute, is_refused_what_it_could_not_do)
{
    auto const why_not = [](attribute_list const& attributes) {
        try {
            toxic_line const line(wanted{"substitute", attributes});
            return std::string("taken");
        } catch (std::exception const& refused) {
            return std::string(refused.what());
        }
    };
    EXPECT_EQ(why_not(replace("a", std::string(1000, 'x'))), "taken");
    auto const* type = builtin_toxics().find("substitute");
    auto const refused = [&](attribute_list const& attributes) {
        attribute_values values(type->attributes);
        for (auto const& [name, value] : attributes)
            if (auto const set = values.set(name, value); !set)
                return set.error().text;
        auto const fits = type->check(values);
        return fits ? std::string() : fits.error().text;
    };
    EXPECT_EQ(refused(replace("a*", "")),
              "bad request body: attribute 'pattern' must be one that does not fit an empty text");
    EXPECT_EQ(
        refused(replace("(a", "")),
        "bad request body: attribute 'pattern' must be a regular expression (RE2): missing ): "
        "(a");
    EXPECT_EQ(refused(replace("(a)", "\\2")),
              "bad request body: attribute 'replacement' must name groups of the pattern only: "
              "Rewrite schema requests 2 matches, but the regexp only has 1 parenthesized "
              "subexpressions.");
    EXPECT_EQ(refused(replace("a", std::string(1001, 'x'))),
              "bad request body: attribute 'replacement' must be a text of at most 1000 bytes, not "
              "1001");
    EXPECT_EQ(refused(replace("a", "", 4097)),
              "bad request body: attribute 'window' must be between 1 and 4096 bytes, not 4097");
}

}  // namespace
}  // namespace aconite::test
