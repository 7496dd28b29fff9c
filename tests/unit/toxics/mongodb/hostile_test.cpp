// Sessions that no client and no server would have.
#include "tests/support/hostile_mongodb.hpp"
#include "tests/support/hostile_script.hpp"
#include "tests/unit/toxics/mongodb/messages.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test;
using namespace aconite::test::mg;

/// What both sides may say, in some order. The same ids come again and again.
std::vector<std::string> const& words()
{
    static std::vector<std::string> const all = {
        hello(1),
        hello(2, part("client", part("application", text("name", "a")))),
        insert(3),
        insert(4, boolean("autocommit", false)),
        insert(5, {}, 2),
        find(6),
        find(1),
        message(long_number("getMore", 5) + text("collection", "x") + text("$db", "x"), 7),
        query("admin.$cmd", number("isMaster", 1), 8),
        query("x.a", number("a", 1), 9),
        sections(sequence("documents", document(number("_id", 1))) +
                     body(text("insert", "a") + text("$db", "x")),
                 10),
        sections(body(text("insert", "a")) + sequence("documents", std::string(3000, 'd')), 11),
        head(30, 12, 0, 2012) + std::string(14, 'z'),
        head(30, 12, 3, 2012) + std::string(14, 'z'),
        head(40, 13, 0, 2002) + std::string(24, 'o'),
        ok(1),
        ok(2),
        ok(3),
        ok(4),
        ok(6),
        ok(77),
        answer(list("hosts", "a:1", "b:2") + text("me", "a:1") + list("compression", "zlib"), 1),
        answer(list("hosts", "a:1") + real("ok", 1), 1, 2, 500),
        answer(list("hosts", "a:1") + real("ok", 1), 500, 2, 1),
        answer(real("ok", 0) + number("code", 5), 6),
        answer(text("x", std::string(2000, 'x')) + real("ok", 1), 6, 2, 3),
        reply(real("ok", 1), 8),
        reply(list("hosts", "a:1"), 8),
        bytes_of(16),
        bytes_of(4),
        std::string("\x16\x03\x01"),
    };
    return all;
}

TEST(mongodb_hostile, sessions_harm_nobody)
{
    std::mt19937 random(42);
    for (int i = 0; i < 3000; ++i)
        ASSERT_NO_THROW(play_hostile_mongodb(hostile_script(random, {}, words())))
            << "session " << i;
}

TEST(mongodb_hostile, bytes_harm_nobody)
{
    std::mt19937 random(43);
    for (int i = 0; i < 3000; ++i)
        ASSERT_NO_THROW(play_hostile_mongodb(hostile_bytes(random, {}))) << "script " << i;
}

TEST(mongodb_hostile, sections_without_end_take_no_time)
{
    session line;
    line.add({{"fault", "disconnect"}}, {{"command", "x"}});
    std::string many;
    while (many.size() < 1'000'000)
        many += sequence("", {});
    auto const bytes = sections(many, 1);
    for (std::string_view rest = bytes; !rest.empty();
         rest.remove_prefix(std::min<std::size_t>(rest.size(), 6)))
        line.client(rest.substr(0, 6));
    EXPECT_EQ(line.to_server(), bytes);
    EXPECT_EQ(line.unknown.size(), 1U);
}

}  // namespace
