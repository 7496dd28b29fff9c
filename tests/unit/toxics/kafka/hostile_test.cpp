// Sessions that no client and no broker would have.
#include "tests/support/hostile_kafka.hpp"
#include "tests/support/hostile_script.hpp"
#include "tests/unit/toxics/kafka/messages.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite::test;
using namespace aconite::test::kf;

/// What both sides may say, in some order: all has the same number.
std::vector<std::string> const& words()
{
    static auto const all = [] {
        std::vector<std::string> made;
        saying const some{{{"t", {{0}, {1}}}}, {{"Acks", 1}}, {{"GroupId", "g"}}, {{"Groups", 1}}};
        for (auto const key : {produce, fetch, metadata, offset_commit, offset_fetch,
                               find_coordinator, heartbeat, end_txn, api_versions})
            for (std::int16_t const version : {std::int16_t{0}, std::int16_t{3}, newest(key)}) {
                if (version > newest(key))
                    continue;
                made.push_back(request(key, version, 1, some));
                made.push_back(
                    answer(key, version, 1, key == metadata ? known(some.topics) : some));
            }
        made.push_back(request(produce, 9, 1, {some.topics, {{"Acks", 0}}}));
        made.push_back(request(fetch, 12, 1, {{}, {{"SessionId", 5}, {"SessionEpoch", 3}}}));
        for (std::string const mechanism : {"PLAIN", "SCRAM-SHA-256", "GSSAPI"})
            made.push_back(request(sasl_handshake, 0, 1, {{}, {}, {{"Mechanism", mechanism}}}));
        made.push_back(answer(sasl_handshake, 0, 1));
        made.push_back(with_length("token"));
        made.push_back(bare(99, 1, 1));
        made.push_back(bare(metadata, 99, 1));
        made.push_back(bare_answer(1));
        made.push_back(bare_answer(1, ""));
        made.push_back(answer(produce, 9, 1, {{{"t", {{nowhere}, {nowhere - 1}}}}}));
        made.push_back(answer(fetch, 12, 1, {{{"t", {{nowhere}, {nowhere - 1}}}}}));
        return made;
    }();
    return all;
}

TEST(kafka_hostile, sessions_harm_nobody)
{
    std::mt19937 random(42);
    for (int i = 0; i < 3000; ++i)
        ASSERT_NO_THROW(
            play_hostile_kafka(hostile_script(random, {hostile_kafka_session}, words())))
            << "session " << i;
}

TEST(kafka_hostile, bytes_harm_nobody)
{
    std::mt19937 random(43);
    for (int i = 0; i < 3000; ++i) {
        ASSERT_NO_THROW(play_hostile_kafka(hostile_bytes(random, {})));
        ASSERT_NO_THROW(play_hostile_kafka(hostile_bytes(random, {hostile_kafka_session})));
    }
}

}  // namespace
