// What each fault does to commands and answers.
#include "tests/unit/toxics/mongodb/messages.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test::mg;
using namespace std::chrono_literals;

std::string const retryable = list("errorLabels", "RetryableWriteError");
std::string const transient = list("errorLabels", "TransientTransactionError");
std::string const retried = long_number("txnNumber", 3);
std::string const in_transaction = long_number("txnNumber", 3) + boolean("autocommit", false);

/// What the client gets in place of the n-th answer that the server did not give.
std::string own(std::string_view fields, std::int32_t to, std::int32_t n = 1)
{
    return message(fields, n, to);
}

TEST(mongodb_fault, an_error_before_is_told_and_nothing_goes_to_the_server)
{
    session line;
    line.add({{"preset", "not_primary"}}, {{"collection", "orders"}, {"database", "sh.p"}});
    EXPECT_EQ(line.sends(insert(1) + find(2) + insert(3)), find(2));
    EXPECT_EQ(line.to_client(), own(not_primary(), 1) + own(not_primary(), 3, 2));
    EXPECT_EQ(line.answers(ok(2)), ok(2));
    ASSERT_EQ(line.hits.size(), 2U);
    EXPECT_EQ(line.hit(0, "command"), "insert");
    EXPECT_EQ(line.hit(0, "database"), "shop");
    EXPECT_EQ(line.hit(0, "collection"), "orders");
    EXPECT_EQ(line.hit(0, "kind"), "operation");
}

TEST(mongodb_fault, labels_are_those_that_a_server_adds)
{
    session line;
    line.add({{"fault", "error"}, {"error", "NotWritablePrimary"}});
    line.client(insert(1) + insert(2, retried) + insert(3, in_transaction));
    EXPECT_EQ(line.to_client(), own(not_primary(), 1) + own(not_primary(retryable), 2, 2) +
                                    own(not_primary(transient), 3, 3));
    line.client(message(number("commitTransaction", 1) + in_transaction, 4));
    EXPECT_EQ(line.to_client(), own(not_primary(retryable), 4, 4));
    session conflict;
    conflict.add({{"preset", "write_conflict"}});
    auto const told = [](std::string_view labels) {
        return failure("this operation conflicted with another operation", 112, "WriteConflict",
                       labels);
    };
    conflict.client(insert(1, retried) + insert(2, in_transaction));
    EXPECT_EQ(conflict.to_client(), own(told({}), 1) + own(told(transient), 2, 2));
    session over;
    over.add({{"fault", "error"}, {"error", "251"}});
    over.client(message(number("commitTransaction", 1) + in_transaction, 1));
    EXPECT_EQ(
        over.to_client(),
        own(failure("the transaction has been aborted", 251, "NoSuchTransaction", transient), 1));
}

TEST(mongodb_fault, labels_message_and_code_can_be_any)
{
    session line;
    line.add({{"fault", "error"}, {"error", "4711"}, {"message", "mine"}, {"labels", "A, B"}});
    line.client(find(1));
    EXPECT_EQ(line.to_client(),
              own(failure("mine", 4711, "Location4711", list("errorLabels", "A", "B")), 1));
    session none;
    none.add({{"preset", "retryable_write"}, {"labels", "none"}});
    none.client(insert(1, retried));
    EXPECT_EQ(none.to_client(), own(failure("primary stepped down while waiting for replication",
                                            189, "PrimarySteppedDown"),
                                    1));
}

TEST(mongodb_fault, an_error_before_is_told_between_two_answers)
{
    session line;
    line.add({{"preset", "not_primary"}});
    line.client(find(1));
    line.server(ok(1).substr(0, 25));
    line.client(insert(2));
    EXPECT_EQ(line.to_client(), ok(1).substr(0, 25));
    EXPECT_GT(line.mind().held_bytes(stream::upstream), 0U);
    line.server(ok(1).substr(25) + ok(9));
    EXPECT_EQ(line.to_client(), ok(1).substr(25) + own(not_primary(), 2) + ok(9));
    EXPECT_EQ(line.mind().held_bytes(stream::upstream), 0U);
}

TEST(mongodb_fault, the_end_of_an_answer_is_seen_while_an_error_waits_for_it)
{
    session line;
    line.add({{"preset", "not_primary"}});
    auto const large = answer(text("x", std::string(100'000, 'y')) + real("ok", 1), 1);
    line.server(large.substr(0, 100));
    line.client(insert(2));
    EXPECT_EQ(line.mind().unseen_bytes(stream::downstream), large.size() - 101);
    line.unseen(stream::downstream, std::string_view(large).substr(100));
    line.server(large.substr(large.size() - 1));
    EXPECT_EQ(line.to_client(), large + own(not_primary(), 2));
}

TEST(mongodb_fault, a_request_that_is_refused_is_dropped_to_its_end)
{
    session line;
    line.add({{"preset", "not_primary"}});
    auto const documents = document(text("x", std::string(3'000'000, 'y')));
    auto const batch = sections(
        body(text("insert", "orders") + text("$db", "b")) + sequence("documents", documents), 5);
    line.client(std::string_view(batch).substr(0, 2'000'000));
    EXPECT_EQ(line.to_client(), "");
    line.client(batch.substr(2'000'000) + find(6));
    EXPECT_EQ(line.to_client(), own(not_primary(), 5));
    EXPECT_EQ(line.to_server(), find(6));
}

TEST(mongodb_fault, an_error_in_the_older_form)
{
    session line;
    line.add({{"fault", "error"}, {"error", "ShutdownInProgress"}},
             {{"kind", "opening"}, {"command", "ismaster"}});
    line.client(query("admin.$cmd", number("ismaster", 1), 4));
    auto const told = reply(
        failure("The server is in quiesce mode and will shut down", 91, "ShutdownInProgress"), 4);
    auto made = line.to_client();
    made.replace(4, 4, told, 4, 4);  // its id
    EXPECT_EQ(made, told);
    EXPECT_EQ(line.to_server(), "");
    EXPECT_EQ(line.hit(0, "kind"), "opening");
}

TEST(mongodb_fault, an_error_after_takes_the_place_of_the_answer)
{
    session line;
    line.add({{"fault", "error"}, {"error", "NotWritablePrimary"}, {"apply", "after"}},
             {{"command", "insert"}});
    EXPECT_EQ(line.sends(insert(1) + find(2)), insert(1) + find(2));
    EXPECT_EQ(line.answers(ok(2) + ok(1)), ok(2) + answer(not_primary(), 1));
    line.client(insert(3));
    auto const own_error = answer(real("ok", 0) + number("code", 13), 3);
    EXPECT_EQ(line.answers(own_error), own_error) << "the server's own stays";
    line.client(insert(4));
    auto const large = answer(text("x", std::string(2'000'000, 'y')) + real("ok", 1), 4);
    EXPECT_EQ(line.answers(large + ok(8)), answer(not_primary(), 4) + ok(8));
    line.client(insert(5));
    EXPECT_EQ(line.answers(answer(real("ok", 1), 5, 2, 70) + answer(real("ok", 1), 70, 2, 71) +
                           answer(real("ok", 1), 71, 0, 72) + ok(9)),
              message(not_primary(), 70, 5) + ok(9))
        << "of several answers one";
}

TEST(mongodb_fault, an_error_may_end_the_connection)
{
    session line;
    line.add({{"preset", "shutdown"}});
    line.client(find(1));
    EXPECT_FALSE(line.to_client().empty());
    EXPECT_EQ(line.ended[1], ending::close);
}

TEST(mongodb_fault, lost_answers_reset_close_or_stall)
{
    for (auto const& [then, end] : std::vector<std::pair<std::string, std::optional<ending>>>{
             {"", ending::reset}, {"close", ending::close}, {"stall", std::nullopt}}) {
        session line;
        line.add({{"fault", "lose_reply"}, {"then", then}}, {{"command", "insert"}});
        EXPECT_EQ(line.sends(find(1) + insert(2) + find(3)), find(1) + insert(2) + find(3));
        EXPECT_EQ(line.answers(ok(1) + ok(2) + ok(3)), ok(1));
        EXPECT_EQ(line.ended[1], end) << then;
    }
}

TEST(mongodb_fault, what_is_asked_for_before_an_answer_with_which_it_ends_is_no_hit)
{
    for (auto const& fault :
         std::vector<attribute_list>{{{"fault", "lose_reply"}},
                                     {{"fault", "disconnect"}, {"apply", "after"}},
                                     {{"fault", "error"},
                                      {"error", "HostUnreachable"},
                                      {"apply", "after"},
                                      {"then", "reset"}}}) {
        session line;
        line.add(fault);
        EXPECT_EQ(line.sends(insert(1) + find(2) + find(3)), insert(1) + find(2) + find(3));
        EXPECT_EQ(line.hits.size(), 1U);
        line.server(ok(1));
        EXPECT_EQ(line.ended[1], ending::reset);
    }
}

TEST(mongodb_fault, disconnects_before_and_after)
{
    session before;
    before.add({{"fault", "disconnect"}, {"cut", "fin"}});
    EXPECT_EQ(before.sends(insert(1)), "");
    EXPECT_EQ(before.ended[1], ending::close);
    session after;
    after.add({{"fault", "disconnect"}, {"apply", "after"}});
    EXPECT_EQ(after.sends(insert(1)), insert(1));
    EXPECT_FALSE(after.ended[1]);
    EXPECT_EQ(after.answers(ok(1)), "");
    EXPECT_EQ(after.ended[1], ending::reset);
}

TEST(mongodb_fault, requests_without_an_answer)
{
    session before;
    before.add({{"preset", "not_primary"}});
    EXPECT_EQ(before.sends(insert(1, {}, 2) + find(2)), find(2));
    EXPECT_EQ(before.to_client(), "");
    session after;
    after.add({{"fault", "lose_reply"}});
    EXPECT_EQ(after.sends(insert(1, {}, 2)), insert(1, {}, 2));
    EXPECT_EQ(after.told, std::vector<std::string>{"passed: it has no answer"});
    EXPECT_EQ(after.answers(ok(1)), ok(1));
}

TEST(mongodb_fault, a_delay_holds_all_that_comes_behind)
{
    session line;
    line.add({{"fault", "delay"}, {"delay", 100}}, {{"command", "insert"}});
    EXPECT_EQ(line.sends(find(1) + insert(2) + find(3)), find(1));
    line.client_ends();
    line.pass(99ms);
    EXPECT_EQ(line.to_server(), "");
    line.pass(1ms);
    EXPECT_EQ(line.to_server(), insert(2) + find(3));
    EXPECT_EQ(line.ended[0], ending::half_close);
    session removed;
    auto const id = removed.add({{"preset", "slow_reads"}});
    EXPECT_EQ(removed.sends(find(1)), "");
    removed.remove(id);
    EXPECT_EQ(removed.to_server(), find(1));
}

TEST(mongodb_fault, an_error_may_come_late)
{
    session line;
    line.add({{"preset", "not_primary"}, {"delay", 100}});
    auto const large = insert(1, {}) + find(2);
    EXPECT_EQ(line.sends(large), "");
    line.pass(99ms);
    EXPECT_EQ(line.to_client(), "");
    line.pass(1ms);
    EXPECT_EQ(line.to_client(), own(not_primary(), 1));
    EXPECT_EQ(line.to_server(), find(2));
}

TEST(mongodb_fault, hellos_and_logins_are_left_unless_they_are_meant)
{
    session line;
    line.add({{"preset", "shutdown"}});
    EXPECT_EQ(line.sends(hello(1)), hello(1));
    auto const login = message(number("saslStart", 1) + text("$db", "admin"), 2);
    EXPECT_EQ(line.sends(login), login);
    EXPECT_TRUE(line.hits.empty());
}

TEST(mongodb_fault, matches_what_a_client_calls_itself)
{
    auto const client = part("client", part("application", text("name", "billing")));
    session line;
    line.add({{"preset", "not_primary"}}, {{"app_name", "bill.*"}});
    EXPECT_TRUE(line.passes(insert(1), ok(1)));
    EXPECT_TRUE(line.passes(hello(2, client), ok(2)));
    EXPECT_EQ(line.sends(insert(3)), "");
    EXPECT_EQ(line.hit(0, "app_name"), "billing");
}

TEST(mongodb_fault, matches_collections_wherever_they_are_named)
{
    session line;
    line.add({{"fault", "disconnect"}}, {{"collection", "x"}, {"in_transaction", "yes"}});
    line.add({{"preset", "lost_cursor"}}, {{"collection", "x"}});
    EXPECT_TRUE(line.passes(message(text("find", "x"), 1), ok(1)));
    auto const more = message(long_number("getMore", 5) + text("collection", "x"), 2);
    EXPECT_EQ(line.sends(more), "");
    EXPECT_EQ(line.to_client(), own(failure("cursor id not found", 43, "CursorNotFound"), 2));
    EXPECT_EQ(line.sends(query("db.x", number("a", 1), 3)), query("db.x", number("a", 1), 3));
    EXPECT_EQ(line.sends(message(text("find", "x") + boolean("autocommit", false), 4)), "");
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(mongodb_fault, attributes_that_do_not_fit_are_refused)
{
    session line;
    for (attribute_list const& wrong : std::vector<attribute_list>{
             {},
             {{"fault", "error"}},
             {{"fault", "error"}, {"error", "NoSuchError"}},
             {{"fault", "error"}, {"error", "0"}},
             {{"fault", "error"}, {"error", "-5"}},
             {{"fault", "error"}, {"error", "2147483648"}},
             {{"fault", "error"}, {"error", "1"}, {"message", std::string(1001, 'x')}},
             {{"fault", "error"}, {"error", "1"}, {"labels", "1,2,3,4,5,6,7,8,9"}},
             {{"fault", "delay"}}})
        EXPECT_ANY_THROW(line.add(wrong));
    EXPECT_NO_THROW(line.add({{"delay", 5}}));
}

}  // namespace
