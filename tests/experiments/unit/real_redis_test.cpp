#include "clients/experiment/probes/faults.hpp"
#include "tests/experiments/unit/probe_kit.hpp"
#include "tests/experiments/unit/real_kit.hpp"

#include <future>

namespace aconite::experiment::probe_kit {
namespace {

using namespace std::chrono_literals;

/// Needs a Redis at REDIS_ADDRESS, as host:port.
class real_redis : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (named("REDIS_ADDRESS").empty())
            GTEST_SKIP() << "REDIS_ADDRESS names no Redis";
        ask("FLUSHALL");
    }
    static json asking(std::string const& command)
    {
        return {{"command", {command}}, {"server", named("REDIS_ADDRESS")}};
    }
    static value ask(std::string const& command)
    {
        return value_of_probe("redis", asking(command));
    }
};

TEST_F(real_redis, gives_what_a_command_answers)
{
    EXPECT_EQ(ask("PING"), value("PONG"));
    EXPECT_EQ(ask("RPUSH jobs a 'b c' \"\""), value(3.0));
    EXPECT_EQ(ask("LLEN jobs"), value(3.0));
    EXPECT_EQ(ask("LRANGE jobs 0 -1"), value(id_list{"a", "b c", ""}));
    EXPECT_EQ(ask("LRANGE none 0 -1"), value(id_list{}));
    EXPECT_EQ(ask("GET none"), value(""));
    EXPECT_EQ(ask("XADD log 1-1 k v"), value("1-1"));
    EXPECT_EQ(ask("XADD log 1-2 k v"), value("1-2"));
    EXPECT_EQ(ask("XRANGE log - +"), value(id_list{"1-1", "1-2"}));
    json const bytes = {{"command", {"SET", "bin", "a\r\n b"}}, {"server", named("REDIS_ADDRESS")}};
    EXPECT_EQ(value_of_probe("redis", bytes), value("OK"));
    EXPECT_EQ(ask("GET bin"), value("a\r\n b"));
    json other = asking("DBSIZE");
    other["server"] = "redis://" + named("REDIS_ADDRESS") + "/3";
    EXPECT_EQ(value_of_probe("redis", other), value(0.0));
}

TEST_F(real_redis, says_what_is_wrong)
{
    EXPECT_EQ(ask("SET a 1"), value("OK"));
    EXPECT_NE(problem_of("redis", asking("LLEN a")).find("WRONGTYPE"), std::string::npos);
    EXPECT_NE(problem_of("redis", asking("NOSUCH")).find("unknown command"), std::string::npos);
    json fields = asking("PING");
    fields["server"] = "redis://somebody:secret@" + named("REDIS_ADDRESS");
    auto const text = problem_of("redis", fields);
    EXPECT_NE(text.find("AUTH: WRONGPASS"), std::string::npos) << text;
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    fields["server"] = "redis://" + named("REDIS_ADDRESS") + "/99";
    EXPECT_NE(problem_of("redis", fields).find("SELECT: "), std::string::npos);
}

TEST_F(real_redis, keeps_its_time_and_its_connection)
{
    auto const slow = make_probe("redis", asking("BLPOP none 60"));
    EXPECT_LT(time_of([&] { EXPECT_FALSE((*slow)->look(300ms)); }), 300ms + slack);
    auto const kept = make_probe("redis", asking("CLIENT ID"));
    auto const first = value_of_look(**kept);
    EXPECT_EQ(value_of_look(**kept), first);
    EXPECT_EQ(ask("CLIENT KILL ID " + to_text(first)), value(1.0));
    EXPECT_NE(value_of_look(**kept), first);
}

TEST_F(real_redis, is_back_after_its_server_was_started_again)
{
    auto const kept = make_probe("redis", asking("DBSIZE"));
    EXPECT_EQ(value_of_look(**kept), value(0.0));
    have_runner("restart redis");
    EXPECT_EQ(value_of_look(**kept), value(0.0));
}

TEST_F(real_redis, tells_of_a_server_that_is_killed_in_the_middle)
{
    auto const slow = make_probe("redis", asking("BLPOP none 60"));
    auto const blocked = make_probe("redis", asking("CLIENT LIST TYPE normal"));
    auto seen = std::async(std::launch::async, [&] { return (*slow)->look(60s); });
    EXPECT_TRUE(comes_true([&] {
        return std::get<std::string>(value_of_look(**blocked)).find("cmd=blpop") !=
               std::string::npos;
    }));
    have_runner("kill redis");
    ASSERT_EQ(seen.wait_for(10s), std::future_status::ready);
    auto const fault = seen.get();
    ASSERT_FALSE(fault);
    EXPECT_EQ(fault.error().status, status_absent) << fault.error().text;
    EXPECT_FALSE((*blocked)->look(1s));
    EXPECT_EQ(value_of_probe("tcp", {{"address", named("REDIS_ADDRESS")}}), value(0.0));
    have_runner("start redis");
    EXPECT_EQ(value_of_look(**blocked).index(), 1u);
}

}  // namespace
}  // namespace aconite::experiment::probe_kit
