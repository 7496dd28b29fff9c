// That what is known of a session follows what the server answers.
#include "tests/unit/toxics/redis/messages.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace {

using namespace aconite;
using namespace aconite::test::rd;

std::string const wrong = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
std::string const out_of_range = "-ERR DB index is out of range\r\n";
std::string const aborted = "-EXECABORT Transaction discarded because of previous errors.\r\n";

/// A session of which each GET tells what is known.
class known_session : public session {
public:
    known_session() { add({{"fault", "truncate"}, {"bytes", 9999}}, {{"command", "GET"}}); }

    /// The server answers that to it.
    void does(std::initializer_list<std::string_view> words, std::string_view answer)
    {
        EXPECT_TRUE(passes(command(words), answer));
    }
    /// `database user name in_multi` of a GET; with an answer, or it is outstanding.
    std::string known(std::string_view answer = "$-1\r\n")
    {
        sends(command({"GET", "a"}));
        answers(answer);
        auto const last = hits.size() - 1;
        return hit(last, "database") + " " + hit(last, "user") + " " + hit(last, "client_name") +
               " " + hit(last, "in_multi");
    }
};

TEST(redis_session, what_the_server_refuses_has_not_happened)
{
    known_session line;
    line.does({"AUTH", "bob", "wrong"}, wrong);
    EXPECT_EQ(line.known(), "0 default  no");
    line.does({"SELECT", "99"}, out_of_range);
    EXPECT_EQ(line.known(), "0 default  no");
    line.does({"HELLO", "3", "AUTH", "bob", "wrong", "SETNAME", "shop"}, wrong);
    EXPECT_EQ(line.known(), "0 default  no");
    line.does({"CLIENT", "SETNAME", "a b"}, "-ERR Client names cannot contain spaces\r\n");
    EXPECT_EQ(line.known(), "0 default  no");
    line.does({"AUTH", "alice", "right"}, ok);
    line.does({"SELECT", "3"}, ok);
    line.does({"CLIENT", "SETNAME", "shop"}, ok);
    EXPECT_EQ(line.known(), "3 alice shop no");
    line.does({"AUTH", "bob", "wrong"}, wrong);
    line.does({"RESET", "x"}, "-ERR wrong number of arguments for 'reset' command\r\n");
    EXPECT_EQ(line.known(), "3 alice shop no");
    line.does({"RESET"}, "+RESET\r\n");
    EXPECT_EQ(line.known(), "0 default  no");
}

TEST(redis_session, a_transaction_that_is_discarded_has_changed_nothing)
{
    known_session line;
    line.does({"SELECT", "2"}, ok);
    line.does({"MULTI"}, ok);
    line.does({"SELECT", "1"}, queued);
    EXPECT_EQ(line.known(queued), "1 default  yes");
    line.does({"DISCARD"}, ok);
    EXPECT_EQ(line.known(), "2 default  no");
    for (std::string_view const answer :
         {std::string_view(aborted), std::string_view("*-1\r\n"), std::string_view("_\r\n")}) {
        line.does({"MULTI"}, ok);
        line.does({"SELECT", "1"}, queued);
        line.does({"EXEC"}, answer);
        EXPECT_EQ(line.known(), "2 default  no");
    }
    line.does({"MULTI"}, ok);
    line.does({"SELECT", "1"}, queued);
    line.does({"EXEC"}, "*1\r\n" + ok);
    EXPECT_EQ(line.known(), "1 default  no");
}

TEST(redis_session, of_a_transaction_what_failed_has_changed_nothing)
{
    known_session line;
    line.does({"MULTI"}, ok);
    line.does({"LRANGE", "l", "0", "-1"}, queued);
    line.does({"SELECT", "4"}, queued);
    line.does({"INCR", "l"}, queued);
    line.does({"SELECT", "99"}, queued);
    line.does({"AUTH", "alice", "right"}, queued);
    line.does({"EXEC"}, "*5\r\n" + list({"a", "b"}) + ok + "-WRONGTYPE x\r\n" + out_of_range + ok);
    EXPECT_EQ(line.known(), "4 alice  no");
}

TEST(redis_session, a_multi_that_is_refused_has_begun_none)
{
    known_session line;
    line.does({"MULTI", "x"}, "-ERR wrong number of arguments for 'multi' command\r\n");
    EXPECT_EQ(line.known(), "0 default  no");
    line.does({"SELECT", "1"}, ok);
    line.does({"DISCARD"}, "-ERR DISCARD without MULTI\r\n");
    EXPECT_EQ(line.known(), "1 default  no");
    line.does({"MULTI"}, ok);
    line.does({"MULTI"}, "-ERR MULTI calls can not be nested\r\n");
    line.does({"DISCARD", "x"}, "-ERR wrong number of arguments for 'discard' command\r\n");
    EXPECT_EQ(line.known(queued), "1 default  yes");
    line.does({"EXEC"}, aborted);
    EXPECT_EQ(line.known(), "1 default  no");
}

TEST(redis_session, without_an_answer_yet_what_was_asked_for_counts)
{
    known_session line;
    line.client(command({"SELECT", "1"}) + command({"SELECT", "99"}) + command({"MULTI"}));
    line.to_server();
    EXPECT_EQ(line.known(""), "99 default  yes");
    line.answers(ok + out_of_range);
    EXPECT_EQ(line.known(""), "1 default  yes");
    line.answers("-ERR no\r\n");
    EXPECT_EQ(line.known(""), "1 default  no");
}

TEST(redis_session, what_has_no_answer_counts_in_its_turn)
{
    known_session line;
    line.client(command({"SELECT", "99"}) + command({"CLIENT", "REPLY", "SKIP"}) +
                command({"SELECT", "2"}) + command({"CLIENT", "SETNAME", "shop"}));
    line.to_server();
    line.answers(out_of_range);
    EXPECT_EQ(line.known(""), "2 default shop no");
    line.answers(ok + "$-1\r\n");
    line.client(command({"CLIENT", "REPLY", "OFF"}) + command({"SELECT", "3"}));
    line.client(command({"RESET"}));
    line.to_server();
    EXPECT_EQ(line.answers("+RESET\r\n"), "+RESET\r\n");
    EXPECT_EQ(line.known(), "0 default  no");
    EXPECT_EQ(line.gave_up, "");
}

TEST(redis_session, a_hello_in_a_transaction_that_is_discarded_has_said_nothing)
{
    session line;
    line.add({{"fault", "nil"}}, {{"command", "GET"}});
    EXPECT_TRUE(line.passes(command({"HELLO", "3"}), "%0\r\n"));
    EXPECT_TRUE(line.passes(command({"MULTI"}), ok));
    EXPECT_TRUE(line.passes(command({"HELLO", "2"}), queued));
    EXPECT_TRUE(line.passes(command({"DISCARD"}), ok));
    line.client(command({"GET", "a"}));
    EXPECT_EQ(line.answers(bulk("x")), "_\r\n");
}

TEST(redis_session, a_fault_in_place_of_an_exec_has_changed_nothing)
{
    session line;
    line.add({{"fault", "error"}, {"error", "OOM"}}, {{"command", "EXEC"}});
    line.add({{"fault", "truncate"}, {"bytes", 9999}}, {{"command", "GET"}});
    EXPECT_TRUE(line.passes(command({"MULTI"}), ok));
    EXPECT_TRUE(line.passes(command({"SELECT", "1"}), queued));
    EXPECT_EQ(line.sends(command({"EXEC"})), command({"DISCARD"}));
    line.answers(ok);
    line.client(command({"GET", "a"}));
    EXPECT_EQ(line.hit(1, "database"), "0");
    EXPECT_EQ(line.hit(1, "in_multi"), "no");
}

}  // namespace
