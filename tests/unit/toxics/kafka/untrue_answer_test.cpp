// Answers that tell something else than the broker said, in every version.
#include "tests/unit/toxics/kafka/partitions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace {

using namespace aconite;
using namespace aconite::test::kf;
using namespace std::chrono_literals;

TEST(kafka_fault, an_empty_fetch_takes_the_time_of_one_and_ends_where_it_began)
{
    for (std::int16_t version = 0; version <= newest(fetch); ++version) {
        SCOPED_TRACE(version);
        session line;
        line.learn({"orders"});
        line.add({{"fault", "empty_fetch"}}, {{"topic", "orders"}});
        saying asked{{{"orders", {{3, {{"FetchOffset", 77}}}}}},
                     {{"MaxWaitMs", 500}, {"MaxBytes", 100}}};
        line.client(request(fetch, version, 1, asked));
        EXPECT_EQ(line.to_server(), "");
        line.pass(499ms);
        EXPECT_EQ(line.to_server(), "");
        line.pass(1ms);
        asked.topics[0].partitions[0].number = nowhere;
        EXPECT_EQ(line.to_server(), request(fetch, version, 1, without_session(asked, fetch)));
        line.server(answer(fetch, version, 1, {{{"orders", {{nowhere, refused}}}}}));
        EXPECT_EQ(line.to_client(), answer(fetch, version, 1,
                                           {{{"orders",
                                              {{3,
                                                {{"HighWatermark", 77},
                                                 {"LastStableOffset", 77},
                                                 {"LogStartOffset", 0}}}}}}}));
    }
}

TEST(kafka_fault, a_throttle_is_told)
{
    for (auto const key : {produce, fetch, metadata, join_group})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            session line;
            line.add({{"preset", "quota"}, {"throttle", 300}}, {{"api", std::to_string(key)}});
            line.client(request(key, version, 1, {{}, {{"Acks", 1}}}));
            line.server(answer(key, version, 1));
            EXPECT_EQ(line.to_client(), answer(key, version, 1, {{}, {{"ThrottleTimeMs", 300}}}))
                << key << " " << version;
        }
}

TEST(kafka_fault, partitions_without_a_leader)
{
    for (std::int16_t version = 0; version <= newest(metadata); ++version) {
        session line;
        line.brokers[1] = {"kafka-1", 9092};
        line.add({{"fault", "no_leader"}}, {{"topic", "a"}});
        line.client(request(metadata, version, 1, {{{"a"}, {"b"}}}));
        EXPECT_EQ(line.to_server(), request(metadata, version, 1, {{{"a"}, {"b"}}}));
        numbers const led{{"LeaderId", 1}};
        line.server(
            answer(metadata, version, 1, known({{"a", {{0, led}, {1, led}}}, {"b", {{0, led}}}})));
        numbers const none{{"LeaderId", -1}, {"ErrorCode", 5}};
        EXPECT_EQ(line.to_client(),
                  answer(metadata, version, 1,
                         known({{"a", {{0, none}, {1, none}}}, {"b", {{0, led}}}})));
    }
}

/// Its length, and all behind its correlation id.
std::string without_correlation(std::string frame)
{
    return frame.erase(4, 4);
}

TEST(kafka_fault, metadata_of_the_past)
{
    for (std::int16_t version = 0; version <= newest(metadata); ++version) {
        SCOPED_TRACE(version);
        session line;
        line.brokers[1] = {"localhost", 19'093};
        auto const ask = [&](std::int32_t correlation, std::string const& name,
                             saying const& told) {
            line.client(request(metadata, version, correlation, {{{name}}}));
            line.server(answer(metadata, version, correlation, known(told.topics)));
            auto const got = line.to_client();
            EXPECT_EQ(got.substr(4, 4), answer(metadata, version, correlation).substr(4, 4));
            return without_correlation(got);
        };
        auto const first = ask(1, "a", {{{"a", {{0}}}}});
        line.pass(10s);
        auto const second = ask(2, "a", {{{"a", {{0}, {1}}}}});
        auto const other = ask(3, "b", {{{"b", {{7}}}}});
        ASSERT_NE(first, second);
        line.add({{"fault", "stale_metadata"}, {"age", 5000}}, {{"topic", "a"}});
        EXPECT_EQ(ask(4, "a", {{{"a", {{2}}}}}), first);
        EXPECT_EQ(ask(5, "b", {{{"b", {{8}}}}}).size(), other.size());
        line.pass(5s);
        EXPECT_EQ(ask(6, "a", {{{"a", {{3}}}}}), ask(7, "a", {{{"a", {{3}}}}}));
        line.pass(5s);
        EXPECT_NE(ask(8, "a", {{{"a", {{9}}}}}), first);
        EXPECT_TRUE(line.bypasses.empty());
    }
}

TEST(kafka_fault, a_broker_is_hidden)
{
    for (auto const key : {metadata, std::int16_t{60}})
        for (std::int16_t version = 0; version <= newest(key); ++version) {
            SCOPED_TRACE(std::to_string(key) + " v" + std::to_string(version));
            for (std::int64_t const hidden : {1, 2}) {
                session line;
                line.add({{"fault", "hide_broker"}, {"hides", hidden}});
                line.client(request(key, version, 1));
                saying told{{},
                            {{"NodeId", 1}, {"BrokerId", 1}, {"Port", 9092}},
                            {{"Host", "kafka-1"}},
                            {{"Brokers", 1}},
                            false};
                line.server(answer(key, version, 1, told));
                ASSERT_EQ(line.hits.size(), 1U);
                if (hidden == 1)
                    told.counts.clear();
                EXPECT_EQ(line.to_client(), answer(key, version, 1, told));
            }
        }
}

}  // namespace
