// Sessions that no client and no broker would have.
#include "tests/support/hostile_kafka.hpp"
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

/// A script for a hostile_session: words whole or in pieces, sometimes with a byte changed.
std::vector<std::uint8_t> script_of(std::mt19937& random)
{
    auto const upto = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n)(random);
    };
    std::vector<std::uint8_t> script{hostile_kafka_session,
                                     static_cast<std::uint8_t>(upto(3) == 0 ? 0 : upto(255))};
    for (std::size_t i = 0; i < 60; ++i) {
        auto word = words()[upto(words().size() - 1)];
        if (upto(19) == 0)
            word[upto(word.size() - 1)] = static_cast<char>(upto(255));
        auto const side = upto(9) == 0 ? 1 - i % 2 : i % 2;
        for (std::string_view rest = word; !rest.empty();) {
            auto const part = rest.substr(0, upto(1) == 0 ? 63 : upto(20) + 1);
            script.push_back(static_cast<std::uint8_t>((part.size() - 1) << 2 | side));
            script.insert(script.end(), part.begin(), part.end());
            rest.remove_prefix(part.size());
        }
        if (upto(5) == 0)
            script.push_back(static_cast<std::uint8_t>(upto(255)));
    }
    return script;
}

TEST(kafka_hostile, sessions_harm_nobody)
{
    std::mt19937 random(42);
    for (int i = 0; i < 3000; ++i) {
        auto const script = script_of(random);
        ASSERT_NO_THROW(play_hostile_kafka(script)) << "session " << i;
    }
}

TEST(kafka_hostile, bytes_harm_nobody)
{
    std::mt19937 random(43);
    std::uniform_int_distribution<int> any(0, 255);
    for (int i = 0; i < 6000; ++i) {
        std::vector<std::uint8_t> script(400);
        for (auto& each : script)
            each = static_cast<std::uint8_t>(any(random));
        if (i % 2 == 0)
            script[0] = hostile_kafka_session;
        ASSERT_NO_THROW(play_hostile_kafka(script)) << "script " << i;
    }
}

}  // namespace
