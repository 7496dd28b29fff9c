// What passes, whatever comes.
#include "tests/unit/toxics/mongodb/messages.hpp"
#include "toxics/mongodb/follower.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace aconite;
using namespace aconite::test::mg;

attribute_list const never = {{"fault", "disconnect"}};
attribute_list const nothing = {{"command", "no-such-command"}};

TEST(mongodb_follow, all_that_is_asked_and_answered_passes)
{
    for (bool const asks : {false, true}) {
        session line;
        if (asks)
            line.add(never, nothing);
        EXPECT_TRUE(line.passes(find(1), ok(1)));
        EXPECT_TRUE(line.passes(insert(2) + insert(3, {}, 2) + find(4), ok(4) + ok(2)));
        auto const batch = sections(body(text("insert", "a") + text("$db", "b")) +
                                        sequence("documents", document(number("_id", 1))),
                                    5);
        EXPECT_TRUE(line.passes(batch, ok(5)));
        auto const reversed = sections(sequence("documents", document(number("_id", 1))) +
                                           body(text("insert", "a") + text("$db", "b")),
                                       6);
        EXPECT_TRUE(line.passes(reversed, ok(6)));
        EXPECT_TRUE(line.passes(query("a.$cmd", number("ping", 1), 7), reply(real("ok", 1), 7)));
        EXPECT_EQ(line.gave_up, "");
    }
}

TEST(mongodb_follow, pieces_make_no_difference)
{
    auto const all = find(1) + insert(2) + query("a.b", number("x", 1), 3) +
                     sections(sequence("documents", document(number("_id", 1))) +
                                  body(text("insert", "a") + text("$db", "b")),
                              4);
    for (bool const asks : {false, true})
        for (std::size_t step = 1; step < all.size(); ++step) {
            session line;
            if (asks)
                line.add(never, nothing);
            for (std::string_view rest = all; !rest.empty();
                 rest.remove_prefix(std::min(step, rest.size())))
                line.client(rest.substr(0, step));
            ASSERT_EQ(line.to_server(), all) << step;
        }
}

TEST(mongodb_follow, large_requests_pass_unseen_behind_their_command)
{
    session line;
    line.add(never, nothing);
    auto const documents = document(text("x", std::string(5'000'000, 'y')));
    auto const batch = sections(
        body(text("insert", "a") + text("$db", "b")) + sequence("documents", documents), 5);
    line.client(std::string_view(batch).substr(0, 1000));
    EXPECT_EQ(line.to_server().size(), 1000U);
    EXPECT_EQ(line.mind().unseen_bytes(stream::upstream), batch.size() - 1000);
    EXPECT_EQ(line.unseen(stream::upstream, std::string_view(batch).substr(1000)),
              batch.size() - 1000);
    EXPECT_EQ(line.to_server(), batch.substr(1000));
    EXPECT_TRUE(line.passes(find(6), ok(6)));
    EXPECT_TRUE(line.unknown.empty());
}

TEST(mongodb_follow, commands_that_are_too_large_pass_and_are_told_once)
{
    session line;
    line.add({{"fault", "disconnect"}});
    auto const large = insert(1, text("x", std::string(2'000'000, 'y')));
    for (int i = 0; i < 2; ++i) {
        line.client(large);
        EXPECT_EQ(line.to_server(), large);
    }
    EXPECT_EQ(line.unknown.size(), 1U);
}

TEST(mongodb_follow, compressed_and_old_messages_pass_and_are_told_once)
{
    session line;
    auto const compressed = head(16 + 12, 1, 0, 2012) + std::string(12, 'z');
    auto const old = head(16 + 30, 1, 0, 2002) + std::string(30, 'o');
    EXPECT_EQ(line.sends(compressed + old + compressed + old), compressed + old + compressed + old);
    EXPECT_EQ(line.unknown.size(), 2U);
    line.client(hello(5));
    auto const answer = head(16 + 12, 9, 5, 2012) + std::string(12, 'z');
    EXPECT_EQ(line.answers(answer), answer);
    EXPECT_EQ(line.bypasses.size(), 1U);
    EXPECT_EQ(line.gave_up, "");
}

TEST(mongodb_follow, what_is_encrypted_passes)
{
    session line;
    std::string const tls = {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03xxxxxxxxxxxxxxxxx", 28};
    EXPECT_EQ(line.sends(tls), tls);
    EXPECT_EQ(line.gave_up, "encrypted");
}

TEST(mongodb_follow, a_first_message_of_the_same_beginning_is_none_of_tls)
{
    session line;
    auto const rest = std::string(0x316 - 34, 'x');
    auto const same = message(text("x", rest), 1);
    ASSERT_EQ(same.substr(0, 2), "\x16\x03");
    EXPECT_EQ(line.sends(same), same);
    EXPECT_EQ(line.gave_up, "");
}

TEST(mongodb_follow, what_is_no_mongodb_passes)
{
    for (auto const& bad :
         {std::string("GET / HTTP/1.1\r\n\r\n"), head(15, 1, 0, 2013), head(48'000'001, 1, 0, 2013),
          head(16, 1, 0, 2014), std::string(16, '\xff')}) {
        session line;
        line.add({{"fault", "disconnect"}});
        EXPECT_EQ(line.sends(bad), bad);
        EXPECT_EQ(line.gave_up, "not MongoDB's protocol");
        session other;
        EXPECT_EQ(other.answers(bad + "rest"), bad + "rest");
        EXPECT_EQ(other.gave_up, "not MongoDB's protocol");
    }
}

TEST(mongodb_follow, messages_that_are_not_as_they_should_be_pass)
{
    session line;
    line.add({{"fault", "disconnect"}});
    for (auto const& bad :
         {head(16, 1, 0, 2013), sections("\x07", 1), sections(std::string(60, '\x01'), 1),
          sections('\0' + bytes_of(3), 1), sections('\0' + bytes_of(500) + "xxxx", 1),
          query("no-end", {}, 1).substr(0, 0) + head(26, 1, 0, 2004) + "0123456789",
          message(name_of('\x42', "odd"), 1), message(name_of('\x02', "x") + bytes_of(900), 1),
          message(std::string("\x10no-end"), 1)}) {
        EXPECT_EQ(line.sends(bad), bad);
        EXPECT_FALSE(line.ended[1]);
    }
    EXPECT_EQ(line.unknown.size(), 1U);
    EXPECT_EQ(line.gave_up, "");
}

TEST(mongodb_follow, ends_pass_with_what_was_not_whole)
{
    session line;
    line.add(never, nothing);
    line.client(find(1).substr(0, 30));
    line.client_ends();
    EXPECT_EQ(line.to_server(), find(1).substr(0, 30));
    EXPECT_EQ(line.ended[0], ending::half_close);
    session other;
    other.client(hello(1));
    other.server(ok(1).substr(0, 22));
    other.server_ends();
    EXPECT_EQ(other.to_client(), ok(1).substr(0, 22));
}

TEST(mongodb_follow, who_asks_and_asks_has_to_wait)
{
    session line;
    for (int i = 0; i < 4096; ++i) {
        ASSERT_LT(line.mind().held_bytes(stream::upstream), 256U * 1024) << i;
        line.client(hello(i));
    }
    EXPECT_GE(line.mind().held_bytes(stream::upstream), 256U * 1024);
    line.server(ok(17));
    EXPECT_LT(line.mind().held_bytes(stream::upstream), 256U * 1024);
}

}  // namespace
