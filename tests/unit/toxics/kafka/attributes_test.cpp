// What a toxic says of itself, and whether that fits.
#include "tests/unit/toxics/kafka/messages.hpp"

#include "toxics/kafka/fault.hpp"
#include "toxics/kafka/presets.hpp"

#include <aconite/engine.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace aconite;
using namespace aconite::test::kf;

/// Empty: the attributes fit.
std::string why_not(attribute_list attributes, attribute_list match = {})
{
    engine e;
    proxy_config config{"p", "127.0.0.1:0", "127.0.0.1:9"};
    config.enabled = false;
    config.protocol = "kafka";
    e.create(config).value();
    toxic_config toxic{"t", "kafka", stream::both, 1, std::move(attributes)};
    toxic.aim.match = std::move(match);
    auto const made = e.add_toxic("p", toxic);
    return made ? "" : made.error().text;
}

TEST(kafka_attributes, that_do_not_fit_are_told)
{
    std::string const bad = "bad request body: attribute ";
    EXPECT_EQ(why_not({}), bad + "'fault' must be set, or 'preset'");
    EXPECT_EQ(why_not({{"fault", "error"}}),
              bad + "'error' must be set for an error, as NOT_LEADER_OR_FOLLOWER");
    for (std::string const name : {"NONE", "NO_SUCH_ERROR", "not_leader_or_follower", "6"})
        EXPECT_EQ(why_not({{"fault", "error"}, {"error", name}}),
                  bad + "'error' must be the name of one of Kafka's errors, as "
                        "NOT_LEADER_OR_FOLLOWER");
    EXPECT_EQ(why_not({{"preset", "leader_election"}, {"error", "X"}}),
              bad + "'error' must be the name of one of Kafka's errors, as "
                    "NOT_LEADER_OR_FOLLOWER");
    EXPECT_EQ(why_not({{"fault", "delay"}}),
              bad + "'delay' must be at least 1 ms for the fault delay");
    EXPECT_EQ(why_not({{"fault", "throttle"}}),
              bad + "'throttle' must be at least 1 ms for the fault throttle");
    EXPECT_NE(why_not({{"fault", "nothing"}}).find("'fault'"), std::string::npos);
    EXPECT_NE(why_not({{"preset", "nothing"}}).find("'preset'"), std::string::npos);
    EXPECT_NE(why_not({{"fault", "lose_reply"}, {"then", "laugh"}}).find("'then'"),
              std::string::npos);
    EXPECT_NE(why_not({{"fault", "throttle"}, {"throttle", 3'600'001}}).find("'throttle'"),
              std::string::npos);
    EXPECT_NE(why_not({{"preset", "quota"}, {"rate", 1.5}}).find("'rate'"), std::string::npos);
}

TEST(kafka_attributes, of_an_api_have_to_be_one_that_toxics_act_on)
{
    for (std::string const name : {"Produce", "produce", "0", " Fetch , 0", "ShareFetch,78"})
        EXPECT_EQ(why_not({{"preset", "slow_broker"}}, {{"api", name}}), "");
    for (auto const& [all, wrong] : std::initializer_list<std::pair<std::string, std::string>>{
             {"Producee", "Producee"},
             {"Fetch,Prod", "Prod"},
             {"4", "4"},
             {"999", "999"},
             {"Fetch, ,0", ""},
             {"UpdateMetadata", "UpdateMetadata"}})
        EXPECT_EQ(why_not({{"preset", "slow_broker"}}, {{"api", all}}),
                  "bad request body: 'match.api' must be the names or keys of requests that toxics "
                  "act on, as Produce,Fetch, not '" +
                      wrong + "'");
}

TEST(kafka_attributes, of_a_match_that_does_not_fit_are_told)
{
    auto const match = [](attribute_list fields) {
        return why_not({{"preset", "quota"}}, std::move(fields));
    };
    EXPECT_NE(match({{"topic", "("}}).find("'match.topic' must be a regular expression"),
              std::string::npos);
    EXPECT_NE(match({{"partition", -2}}).find("'match.partition'"), std::string::npos);
    EXPECT_NE(match({{"acks", "2"}}).find("'match.acks'"), std::string::npos);
    EXPECT_NE(match({{"query", "x"}}).find("query"), std::string::npos);
    EXPECT_EQ(match({{"api", "Produce"},
                     {"topic", "a|b"},
                     {"partition", 3},
                     {"client_id", "c.*"},
                     {"group", "g"},
                     {"transactional_id", "t"},
                     {"acks", "all"},
                     {"broker", 2}}),
              "");
}

TEST(kafka_attributes, fit_in_every_preset_and_by_themselves)
{
    for (auto const& each : kafka::all_presets)
        EXPECT_EQ(why_not({{"preset", std::string(each.name)}}), "") << each.name;
    EXPECT_EQ(why_not({{"delay", 5}}), "");
    for (std::string const fault :
         {"lose_request", "lose_reply", "fake_ack", "disconnect", "no_leader", "empty_fetch"})
        EXPECT_EQ(why_not({{"fault", fault}}), "") << fault;
    for (auto const& each : kafka::tables::errors())
        if (each.code != 0) {
            EXPECT_EQ(why_not({{"fault", "error"}, {"error", std::string(each.name)}}), "");
        }
}

TEST(kafka_attributes, a_toxic_is_for_proxies_that_speak_it)
{
    engine e;
    proxy_config plain{"p", "127.0.0.1:0", "127.0.0.1:9"};
    plain.enabled = false;
    e.create(plain).value();
    EXPECT_FALSE(e.add_toxic("p", {"t", "kafka", stream::both, 1, {{"preset", "quota"}}}));
}

/// Which of these requests it acts on, by their order.
std::string acts_on(attribute_list const& attributes, attribute_list const& match = {})
{
    std::string made;
    saying const one{{{"t", {{0}}}}, {{"Acks", 1}}, {{"TransactionalId", "t"}}};
    for (auto const key :
         {produce, fetch, list_offsets, metadata, join_group, heartbeat, end_txn}) {
        session line;
        line.add(attributes, match);
        line.client(request(key, 1, 1, one));
        made += line.hits.empty() ? '.' : '#';
    }
    return made;
}

TEST(kafka_attributes, a_preset_is_for_what_it_is_about_if_the_match_does_not_say)
{
    EXPECT_EQ(acts_on({{"preset", "broker_down"}}), "#######");
    EXPECT_EQ(acts_on({{"preset", "leader_election"}}), "###....");
    EXPECT_EQ(acts_on({{"preset", "lost_event"}}), "#......");
    EXPECT_EQ(acts_on({{"preset", "duplicate_on_retry"}}), "#......");
    EXPECT_EQ(acts_on({{"preset", "disk_full"}}), "#......");
    EXPECT_EQ(acts_on({{"preset", "quota"}}), "##.....");
    EXPECT_EQ(acts_on({{"preset", "coordinator_moved"}}), "....##.");
    EXPECT_EQ(acts_on({{"preset", "rebalance_storm"}}), ".....#.");
    EXPECT_EQ(acts_on({{"preset", "fenced_producer"}}), "......#");
    EXPECT_EQ(acts_on({{"preset", "slow_broker"}}), "#######");
    EXPECT_EQ(acts_on({{"preset", "quota"}}, {{"api", "EndTxn"}}), "......#");
    EXPECT_EQ(acts_on({{"fault", "fake_ack"}}), "#......");
    EXPECT_EQ(acts_on({{"fault", "empty_fetch"}}), ".#.....");
    EXPECT_EQ(acts_on({{"fault", "no_leader"}}), "...#...");
    EXPECT_EQ(acts_on({{"fault", "lose_reply"}}), "#######");
    EXPECT_EQ(acts_on({{"preset", "quota"}}, {{"topic", "u"}}), ".......");
    EXPECT_EQ(acts_on({{"preset", "slow_broker"}}, {{"topic", "t"}}), "####...");
}

TEST(kafka_attributes, what_is_set_wins_over_the_preset)
{
    session line;
    line.add({{"preset", "leader_election"}, {"error", "KAFKA_STORAGE_ERROR"}, {"apply", "after"}});
    line.client(request(produce, 3, 1, {{{"t", {{0}}}}, {{"Acks", 1}}}));
    line.server(answer(produce, 3, 1, {{{"t", {{0}}}}}));
    EXPECT_EQ(
        line.to_client(),
        answer(produce, 3, 1,
               {{{"t", {{0, {{"ErrorCode", 56}, {"BaseOffset", -1}, {"LogAppendTimeMs", -1}}}}}}}));
}

TEST(kafka_attributes, a_rate_hits_a_share)
{
    session line;
    line.add({{"preset", "quota"}, {"rate", 0.3}}, {{"api", "Heartbeat"}});
    for (std::int32_t i = 0; i < 1000; ++i) {
        line.client(request(heartbeat, 0, i));
        line.server(answer(heartbeat, 0, i));
    }
    EXPECT_GT(line.hits.size(), 240U);
    EXPECT_LT(line.hits.size(), 360U);
}

}  // namespace
