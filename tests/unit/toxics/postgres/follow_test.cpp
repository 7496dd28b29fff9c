// A session without toxics, and toxics that match nothing: everything passes as it came.
#include "tests/unit/toxics/postgres/messages.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test;
using namespace aconite::test::pg;

/// A step of a recorded session: what one side says.
struct said {
    bool by_client;
    std::string bytes;
};

/// All that the protocol has.
std::vector<said> whole_session()
{
    return {
        {true, ssl_request},
        {false, "N"},
        {true, startup(z("application_name") + z("till"))},
        {false, frame('R', number_text(10) + z("SCRAM-SHA-256") + std::string(1, '\0'))},
        {true, frame('p', z("SCRAM-SHA-256") + "first")},
        {false, frame('R', number_text(11) + "challenge")},
        {true, frame('p', "final")},
        {false, frame('R', number_text(12) + "signature") + auth_ok +
                    frame('S', z("application_name") + z("till")) +
                    frame('K', number_text(7) + number_text(8)) + ready()},
        {true, query("select 1; select 2")},
        {false, frame('T', "x") + row("1") + complete("SELECT 1") + frame('T', "x") + row("2") +
                    complete("SELECT 1") + ready()},
        {true, query("")},
        {false, frame('I', "") + ready()},
        {true, parse("s", "select $1") + frame('D', "Ss" + std::string(1, '\0')) + sync_all},
        {false, parsed + frame('t', "x") + frame('T', "x") + ready()},
        {true, bind("", "s") + frame('D', z("P")) + execute() + sync_all + bind("", "s") +
                   execute() + sync_all},
        {false, bound + frame('T', "x") + row("1") + complete("SELECT 1") + ready() + bound +
                    frame('s', "") + ready()},
        {false, frame('A', number_text(7) + z("channel") + z("note"))},
        {true, extended("insert into t values (1)") + extended("nonsense") +
                   extended("insert into t values (2)") + sync_all + query("select 3")},
        {false, parsed + bound + complete("INSERT 0 1") + failed("42601") + ready() +
                    frame('T', "x") + complete("SELECT 0") + ready()},
        {true, query("copy t from stdin")},
        {false, frame('G', std::string(3, '\0'))},
        {true, frame('d', "1\n") + frame('d', "2\n") + frame('c', "")},
        {false, complete("COPY 2") + ready()},
        {true, extended("copy t from stdin") + sync_all},
        {false, parsed + bound + frame('G', std::string(3, '\0'))},
        {true, frame('d', "1\n") + frame('c', "") + sync_all},
        {false, complete("COPY 1") + ready()},
        {true, query("copy t to stdout")},
        {false, frame('H', std::string(3, '\0')) + frame('d', "1\n") + frame('c', "") +
                    complete("COPY 1") + ready()},
        {true, frame('F', number_text(1) + std::string(6, '\0'))},
        {false, frame('V', number_text(0)) + ready()},
        {true, extended("select 4") + flush},
        {false, parsed + bound + row(std::string(200'000, 'x')) + complete("SELECT 1")},
        {true, frame('C', z("S")) + sync_all},
        {false, closed + ready('T')},
        {false, frame('N', z("SNOTICE") + std::string(1, '\0'))},
        {true, terminate},
    };
}

void play(conversation_line& line, std::vector<said> const& session, std::mt19937& random,
          std::size_t largest)
{
    std::uniform_int_distribution<std::size_t> sizes(1, largest);
    for (auto const& [by_client, bytes] : session) {
        for (std::string_view rest = bytes; !rest.empty();) {
            auto const piece = rest.substr(0, sizes(random));
            by_client ? line.client(piece) : line.server(piece);
            rest.remove_prefix(piece.size());
        }
        EXPECT_EQ(line.out[by_client ? 0 : 1].substr(0, 100), bytes.substr(0, 100));
        EXPECT_EQ(by_client ? line.to_server() : line.to_client(), bytes);
    }
}

class any_split : public testing::TestWithParam<std::size_t> {};

TEST_P(any_split, passes_as_it_came)
{
    std::mt19937 random(1);
    conversation_line line(postgres::protocol);
    play(line, whole_session(), random, GetParam());
    EXPECT_EQ(line.gave_up, "");
}

TEST_P(any_split, passes_by_toxics_that_match_nothing)
{
    std::mt19937 random(2);
    conversation_line line(postgres::protocol);
    line.add({{"preset", "lose_commit_ack"}});
    line.add({{"preset", "serialization_failure"}}, {{"query", "never said"}});
    line.add({{"preset", "starting_up"}}, {{"user", "bob"}});
    play(line, whole_session(), random, GetParam());
    EXPECT_TRUE(line.hits.empty());
}

INSTANTIATE_TEST_SUITE_P(all, any_split, testing::Values(1, 2, 3, 7, 64, 1000, 1'000'000));

/// What is not understood passes, and says why.
void passes_untouched(std::string const& first, std::string_view why)
{
    conversation_line line(postgres::protocol);
    line.client(first);
    EXPECT_EQ(line.to_server(), first);
    EXPECT_EQ(line.gave_up, why);
}

TEST(follow, gives_up_what_is_encrypted_from_the_first_byte)
{
    passes_untouched("\x16\x03\x01", "encrypted: TLS from the first byte");
}

TEST(follow, knows_whose_session_is_to_be_cancelled)
{
    auto const keys = postgres::protocol.common();
    auto const key = number_text(4711) + std::string("\0key", 4);
    auto const cancel = number_text(16) + number_text(80'877'102) + key;
    auto first = std::make_unique<conversation_line>(postgres::protocol, keys);
    first->client(startup());
    first->server(auth_ok + frame('S', z("application_name") + z("till")) + frame('K', key) +
                  ready() + frame('S', z("application_name") + z("stock")));
    {
        conversation_line other(postgres::protocol, keys);
        other.add({{"fault", "disconnect"}}, {{"phase", "cancel"}, {"user", "alice"}});
        other.client(cancel);
        EXPECT_EQ(other.to_server(), "");
        ASSERT_EQ(other.hits.size(), 1U);
        EXPECT_EQ(other.hits[0][3].second, "shop");
        EXPECT_EQ(other.hits[0][4].second, "stock");
    }
    first.reset();
    conversation_line late(postgres::protocol, keys);
    late.add({{"fault", "disconnect"}}, {{"phase", "cancel"}, {"user", "alice"}});
    late.client(cancel);
    EXPECT_EQ(late.to_server(), cancel);
}

TEST(follow, gives_up_another_protocol)
{
    passes_untouched("GET / HTTP/1.1\r\n\r\n", "not a client of PostgreSQL");
}

TEST(follow, gives_up_another_version)
{
    passes_untouched(number_text(9) + number_text(0x20000) + "x", "protocol version 2.0");
}

TEST(follow, gives_up_replication)
{
    passes_untouched(startup(z("replication") + z("database")), "replication");
}

TEST(follow, gives_up_behind_the_answer_to_a_request_for_tls)
{
    conversation_line line(postgres::protocol);
    line.client(ssl_request);
    line.server("S");
    EXPECT_EQ(line.to_client(), "S");
    EXPECT_EQ(line.gave_up, "encrypted: TLS");
    line.client("anything");
    EXPECT_EQ(line.to_server(), ssl_request + "anything");
}

TEST(follow, keeps_what_comes_before_the_answer_to_a_request_for_tls)
{
    conversation_line line(postgres::protocol);
    line.client(ssl_request + startup());
    EXPECT_EQ(line.to_server(), ssl_request);
    line.server("N");
    EXPECT_EQ(line.to_server(), startup());
}

TEST(follow, gives_up_answers_that_do_not_fit)
{
    session line;
    line.client(query("select 1"));
    line.server(bound);
    EXPECT_EQ(line.gave_up, "an answer that does not fit: 2");
    EXPECT_EQ(line.to_client(), bound);
}

TEST(follow, gives_up_impossible_lengths)
{
    session line;
    line.client(std::string("Q\0\0\0\1", 5));
    EXPECT_NE(line.gave_up, "");
}

TEST(follow, need_not_see_the_rest_of_a_large_row)
{
    session line;
    line.client(query("select 1"));
    auto const large = row(std::string(1'000'000, 'x'));
    line.server(large.substr(0, 1000));
    EXPECT_EQ(line.to_client(), large.substr(0, 1000));
    // All but its last byte.
    EXPECT_EQ(line.mind().unseen_bytes(stream::downstream), large.size() - 1001);
    line.mind().on_unseen(stream::downstream, large.size() - 1001);
    line.server("x" + complete("SELECT 1") + ready());
    EXPECT_EQ(line.to_client(), "x" + complete("SELECT 1") + ready());
}

TEST(follow, lets_a_broken_message_and_its_end_go)
{
    session line;
    line.client(query("select 1").substr(0, 8));
    EXPECT_EQ(line.to_server(), "");
    line.client_ends();
    EXPECT_EQ(line.to_server(), query("select 1").substr(0, 8));
    EXPECT_EQ(line.ended[0], ending::half_close);
}

TEST(follow, keeps_little_of_a_client_that_asks_and_does_not_read)
{
    session line;
    std::string many;
    for (int i = 0; i < 100'000; ++i)
        many += parse("s" + std::to_string(i), std::string(500, 'x'));
    line.client(many);
    EXPECT_GT(line.mind().held_bytes(stream::upstream), 256 * 1024);  // the reader stops there
    EXPECT_EQ(line.to_server().size(), many.size());
}

}  // namespace
