#include "tests/experiments/unit/load_support.hpp"

#include <gtest/gtest.h>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;
using namespace load_kit;

// Not for the thread sanitizer, which knows nothing of the threads that librdkafka makes with
// thrd_create and crashes: tests/CMakeLists.txt leaves files out that name no thread of ours.

json kafka_nowhere(json more)
{
    json all = {{"topic", "orders"}, {"brokers", "127.0.0.1:1"}, {"rate", 100}};
    all.update(more);
    return all;
}

TEST(kafka_load, goes_on_while_no_broker_is_there_and_says_nothing_on_stderr)
{
    ::testing::internal::CaptureStderr();
    auto const all = run_to_end("kafka", kafka_nowhere({{"count", 10}, {"timeout", 300'000'000}}));
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    EXPECT_EQ(all.by_error, (std::map<std::string, std::uint64_t>{{"_MSG_TIMED_OUT", 10}}));
}

TEST(kafka_load, has_a_backlog_and_an_end)
{
    recorder into(time_point::clock::now());
    auto const made =
        make_load("kafka", kafka_nowhere({{"count", 50}, {"max_backlog", 20}}), into).value();
    ASSERT_TRUE(made->start());
    EXPECT_TRUE(eventually([&] { return into.requests() == 30; }));
    EXPECT_TRUE(made->running());
    auto const before = time_point::clock::now();
    made->stop(100ms);
    EXPECT_LE(time_point::clock::now() - before, 5s);
    EXPECT_FALSE(made->running());
    EXPECT_EQ(into.between(into.origin(), never).by_error,
              (std::map<std::string, std::uint64_t>{{"not sent", 50}}));
}

TEST(kafka_load, names_what_librdkafka_does_not_take)
{
    json const values = {{"count", 3},
                         {"value", std::string(2'000, 'x')},
                         {"producer", {{"message.max.bytes", 1'000}}}};
    EXPECT_EQ(run_to_end("kafka", kafka_nowhere(values)).by_error,
              (std::map<std::string, std::uint64_t>{{"MSG_SIZE_TOO_LARGE", 3}}));

    recorder into(time_point::clock::now());
    EXPECT_EQ(
        make_load("kafka", kafka_nowhere({{"producer", {{"akcs", "all"}}}}), into).error().text,
        "producer.akcs: No such configuration property: \"akcs\"");
    EXPECT_EQ(make_load("kafka", kafka_nowhere({{"topic", ""}}), into).error().text,
              "topic: must not be empty");
    // What makes no sense together is known only when it is made.
    auto const made =
        make_load("kafka",
                  kafka_nowhere({{"producer", {{"enable.idempotence", true}, {"acks", 1}}}}), into)
            .value();
    auto const started = made->start();
    ASSERT_FALSE(started);
    EXPECT_TRUE(started.error().text.starts_with("producer: ")) << started.error().text;
}

}  // namespace
}  // namespace aconite::experiment
