// Sessions that no client and no server would have.
#include "tests/support/hostile_redis.hpp"
#include "tests/support/hostile_script.hpp"
#include "tests/unit/toxics/redis/messages.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace aconite::test;
using namespace aconite::test::rd;

/// What both sides may say, in some order.
std::vector<std::string> const& words()
{
    static std::vector<std::string> const all = {
        command({"GET", "a"}),
        command({"MGET", "a", "b"}),
        command({"MULTI"}),
        command({"EXEC"}),
        command({"SUBSCRIBE", "a"}),
        command({"UNSUBSCRIBE"}),
        command({"MONITOR"}),
        command({"HELLO", "3"}),
        command({"RESET"}),
        command({"CLIENT", "REPLY", "SKIP"}),
        command({"CLIENT", "REPLY", "OFF"}),
        command({"CLIENT", "REPLY", "ON"}),
        command({"SELECT", "1"}),
        command({"CLUSTER", "SLOTS"}),
        command({"CLUSTER", "NODES"}),
        command({"SENTINEL", "MASTERS"}),
        command({"INFO"}),
        command({"PSUBSCRIBE", "*"}),
        "GET a\r\n",
        "\r\n",
        "*0\r\n",
        "*-1\r\n",
        ok,
        queued,
        refusal,
        bulk("x"),
        bulk(std::string(200, 'y')),
        list({"a", "b"}),
        list({"message", "a", "b"}),
        list({"subscribe", "a", "1"}),
        list({"message", "a", "b"}, '>'),
        ">2\r\n+invalidate\r\n" + list({"a"}),
        "%1\r\n+a\r\n:1\r\n",
        "|1\r\n+a\r\n:1\r\n:5\r\n",
        "$-1\r\n",
        "_\r\n",
        "*2\r\n*1\r\n:1\r\n*-1\r\n",
        "+1700000000.1 [0 x] \"GET\"\r\n",
        "-MOVED 1 a:1\r\n",
        "!9\r\nASK 1 a:1\r\n",
        "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n" + bulk("a") + ":1\r\n",
        bulk("x a:1@2,b y"),
        bulk("master_host:a\r\nmaster_port:1\r\nslave0:ip=a,port=1\r\n"),
        list({"name", "a:1", "ip", "a", "port", "1"}),
        list({"message", "+switch-master", "m a 1 b 2"}),
    };
    return all;
}

TEST(redis_hostile, sessions_harm_nobody)
{
    std::mt19937 random(42);
    for (int i = 0; i < 3000; ++i)
        ASSERT_NO_THROW(play_hostile_redis(hostile_script(random, {}, words()))) << "session " << i;
}

TEST(redis_hostile, answers_stay_answers)
{
    std::mt19937 random(44);
    int changed = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string answer(1, static_cast<char>(i % 9));
        answer += words()[random() % words().size()];
        for (auto damage = random() % 3; damage > 0; --damage)
            answer[1 + random() % (answer.size() - 1)] = static_cast<char>(random());
        std::vector<std::uint8_t> const bytes(answer.begin(), answer.end());
        ASSERT_NO_THROW(changed += play_hostile_answer(bytes) ? 1 : 0) << answer;
    }
    EXPECT_GT(changed, 100);
}

TEST(redis_hostile, bytes_harm_nobody)
{
    std::mt19937 random(43);
    for (int i = 0; i < 3000; ++i)
        ASSERT_NO_THROW(play_hostile_redis(hostile_bytes(random, {}))) << "script " << i;
}

}  // namespace
