// What is acknowledged and was not stored, in every version.
#include "tests/unit/toxics/kafka/partitions.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace {

using namespace aconite;
using namespace aconite::test::kf;

TEST(kafka_fault, false_acknowledgements_tell_an_offset)
{
    for (auto const& each : of_partitions()) {
        if (each.key != produce && each.key != offset_commit)
            continue;
        auto expected = refused;
        expected["ErrorCode"] = 0;
        expected["BaseOffset"] = 0;
        expected["LogStartOffset"] = 0;
        ask_for_three(each, {{"fault", "fake_ack"}}, true, refused, expected, __LINE__);
    }
}

TEST(kafka_fault, false_acknowledgements_go_on_from_the_last_offset)
{
    for (std::int16_t version = 0; version <= newest(produce); ++version) {
        session line;
        line.learn({"t"});
        auto const id = line.add({{"preset", "lost_event"}}, {{"partition", 4}, {"topic", "t"}});
        auto const round = [&](std::int32_t asked, saying const& told) {
            line.client(request(produce, version, 1, {{{"t", {{asked}}}}, {{"Acks", 1}}}));
            line.server(answer(produce, version, 1, told));
            line.to_server();
            return line.to_client();
        };
        line.remove(id);
        line.add({{"preset", "lost_event"}}, {{"partition", 4}, {"topic", "other"}});
        round(4, {{{"t", {{4, {{"BaseOffset", 41}}}}}}});  // what is real is known
        line.add({{"preset", "lost_event"}}, {{"partition", 4}, {"topic", "t"}});
        for (std::int64_t offset = 42; offset < 45; ++offset) {
            auto expected = refused;
            expected["ErrorCode"] = 0;
            expected["BaseOffset"] = offset;
            expected["LogStartOffset"] = 0;
            EXPECT_EQ(round(4, {{{"t", {{nowhere, refused}}}}}),
                      answer(produce, version, 1, {{{"t", {{4, expected}}}}}));
        }
    }
}

TEST(kafka_fault, false_acknowledgements_of_a_commit)
{
    for (std::int16_t version = 0; version <= newest(end_txn); ++version) {
        session line;
        line.add({{"fault", "fake_ack"}}, {{"api", "EndTxn"}});
        line.client(request(end_txn, version, 1, {{}, {{"ProducerId", 5}, {"Committed", 1}}}));
        EXPECT_EQ(line.to_server(), request(end_txn, version, 1,
                                            {{}, {{"ProducerId", INT64_MAX}, {"Committed", 1}}}));
        line.server(answer(end_txn, version, 1, {{}, {{"ErrorCode", 49}}}));
        EXPECT_EQ(line.to_client(), answer(end_txn, version, 1));
        EXPECT_TRUE(line.told.empty());
    }
}

}  // namespace
