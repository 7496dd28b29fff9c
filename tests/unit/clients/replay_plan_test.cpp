#include "clients/cli/replay/replay_plan.hpp"

#include <gtest/gtest.h>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// A journal of proxy `db` in the making.
class recording {
public:
    recording() { put({{"kind", "control"}, {"action", "proxy created"}}); }

    void put(json record)
    {
        record["seq"] = ++seq_;
        record["proxy"] = "db";
        toxics_.read(record);
    }
    void skip(int count) { seq_ += count; }
    void change(char const* action, json config = json::object())
    {
        json whole{{"name", "t"},     {"type", "corrupt"},
                   {"seed", 5},       {"stream", "downstream"},
                   {"toxicity", 0.5}, {"attributes", {{"rate", 0.1}}}};
        whole.update(config);
        put({{"kind", "control"}, {"action", action}, {"toxic", whole["name"]}, {"config", whole}});
    }
    void open(int ordinal) { put({{"kind", "open"}, {"ordinal", ordinal}}); }
    void close(int ordinal) { put({{"kind", "close"}, {"ordinal", ordinal}}); }
    void act(int ordinal, int offset, int bytes = 10, int hits = 1, char const* kind = "hit")
    {
        put({{"kind", kind},
             {"toxic", "t"},
             {"ordinal", ordinal},
             {"offset", offset},
             {"bytes", bytes},
             {"hits", hits}});
    }

    [[nodiscard]] replay_plan plan() const { return plan_replay(toxics_); }
    /// Of the only toxic.
    [[nodiscard]] replayed_toxic toxic() const
    {
        auto const made = plan();
        EXPECT_EQ(made.toxics.size(), 1U);
        return made.toxics.at(0);
    }

private:
    recorded_toxics toxics_;
    int seq_ = 0;
};

TEST(replay_plan, aims_what_acted_at_the_same_ordinals)
{
    recording journal;
    journal.change("toxic added");
    for (auto const ordinal : {0, 3, 7, 8, 9})
        journal.act(ordinal, 100 * ordinal);
    auto const made = journal.toxic();
    EXPECT_EQ(made.proxy, "db");
    EXPECT_EQ(made.config, json::parse(R"({"name": "t", "type": "corrupt", "seed": 5,
        "stream": "downstream", "toxicity": 1, "attributes": {"rate": 0.1},
        "match": {"ordinals": "0,3,7-9"}})"));
    EXPECT_EQ(made.nth, 0U);
    EXPECT_TRUE(made.doubts.empty());
    EXPECT_TRUE(journal.plan().left_out.empty());
}

TEST(replay_plan, leaves_out_what_did_nothing)
{
    recording journal;
    journal.change("toxic added");
    journal.open(0);
    EXPECT_TRUE(journal.plan().toxics.empty());
    EXPECT_TRUE(journal.plan().left_out.empty());
}

TEST(replay_plan, counts_toxics_of_the_same_name)
{
    recording journal;
    journal.change("toxic added", {{"type", "latency"}});
    journal.change("toxic removed");
    journal.change("toxic added");
    journal.change("toxic updated", {{"attributes", {{"rate", 1}}}});
    journal.act(0, 0);
    EXPECT_EQ(journal.toxic().nth, 1U);
    EXPECT_EQ(journal.toxic().config["type"], "corrupt");
    EXPECT_EQ(journal.toxic().config["attributes"]["rate"], 1);
    journal.change("toxic removed");
    journal.change("toxic added");
    journal.act(1, 0);
    EXPECT_EQ(journal.toxic().nth, 2U);
    EXPECT_EQ(journal.toxic().config["match"]["ordinals"], "1");
    EXPECT_EQ(journal.plan().left_out.at(0),
              "toxic 't' of proxy 'db': a later one of that name acted too");
}

TEST(replay_plan, starts_where_the_toxic_found_its_connections)
{
    recording journal;
    journal.open(0);
    journal.open(1);
    journal.open(2);
    journal.close(2);
    journal.change("toxic added");
    journal.act(0, 500);
    journal.act(0, 600);
    journal.act(0, 0, 0, 0, "cut");  // which has no place
    journal.act(1, 500);
    journal.act(2, 700);
    EXPECT_EQ(journal.toxic().config["trigger"], (json{{"after_bytes", 500}}));
    EXPECT_TRUE(journal.toxic().doubts.empty());
    journal.act(3, 20);
    EXPECT_EQ(journal.toxic().config["trigger"], (json{{"after_bytes", 20}}));
    EXPECT_EQ(journal.toxic().doubts.at(0),
              "it was added while connections were open and now starts at byte 20 of all, which is "
              "too early for some");
}

TEST(replay_plan, starts_where_the_toxic_became_what_acted)
{
    recording journal;
    journal.change("toxic added", {{"toxicity", 0}});
    journal.open(0);
    journal.change("toxic updated");
    journal.act(0, 40);
    EXPECT_EQ(journal.toxic().config["trigger"], (json{{"after_bytes", 40}}));
    journal.open(1);
    journal.act(1, 50);
    EXPECT_EQ(journal.toxic().config["trigger"], (json{{"after_bytes", 40}}));
}

TEST(replay_plan, keeps_triggers_that_ask_each_connection)
{
    recording journal;
    json const trigger{{"after_hits", 2}, {"every", 3}, {"scope", "connection"}};
    journal.change("toxic added", {{"trigger", trigger}});
    journal.act(0, 10);
    EXPECT_EQ(journal.toxic().config["trigger"], trigger);
    EXPECT_TRUE(journal.toxic().doubts.empty());
}

TEST(replay_plan, makes_a_common_count_one_of_each_connection)
{
    recording journal;
    journal.change("toxic added", {{"trigger", {{"after_hits", 9}, {"times", 3}}}});
    journal.act(4, 70, 10, 2);
    journal.act(4, 90);
    EXPECT_EQ(journal.toxic().config["trigger"],
              (json{{"after_bytes", 70}, {"times", 3}, {"scope", "connection"}}));
    EXPECT_TRUE(journal.toxic().doubts.empty());
}

TEST(replay_plan, leaves_a_common_count_that_cannot_be_told_apart)
{
    recording journal;
    json const match{{"client", "::1"}};
    json const trigger{{"every", 2}};
    journal.change("toxic added", {{"trigger", trigger}, {"match", match}});
    journal.act(4, 70);
    auto const made = journal.toxic();
    EXPECT_EQ(made.config["trigger"], trigger);
    EXPECT_EQ(made.config["match"], match);
    EXPECT_EQ(made.config["toxicity"], 0.5);
    EXPECT_EQ(made.doubts.size(), 1U);
}

TEST(replay_plan, doubts_what_changed_or_ended_in_between)
{
    recording journal;
    journal.open(0);
    journal.change("toxic added");
    journal.act(0, 0);
    journal.change("toxic updated", {{"attributes", {{"rate", 1}}}});
    EXPECT_TRUE(journal.toxic().doubts.empty());
    journal.act(0, 10);
    EXPECT_EQ(journal.toxic().doubts.size(), 1U);
    EXPECT_EQ(journal.toxic().config["attributes"]["rate"], 0.1);
    journal.change("toxic removed");
    EXPECT_EQ(journal.toxic().doubts.size(), 2U);
}

TEST(replay_plan, tells_what_the_journal_does_not_have)
{
    recorded_toxics cut_off;
    auto record = json::parse(R"({"seq": 8, "kind": "hit", "proxy": "db", "toxic": "t",
        "ordinal": 0, "offset": 0, "bytes": 1, "hits": 1})");
    cut_off.read(record);
    record["seq"] = 10;
    cut_off.read(record);
    auto const plan = plan_replay(cut_off);
    EXPECT_TRUE(plan.toxics.empty());
    EXPECT_EQ(plan.left_out,
              (std::vector<std::string>{"8 records that the journal does not have",
                                        "2 hits of toxics that were added before the journal"}));
}

TEST(replay_plan, ends_with_the_proxy)
{
    recording journal;
    journal.change("toxic added");
    journal.act(0, 0);
    journal.put({{"kind", "control"}, {"action", "proxy created"}});
    EXPECT_TRUE(journal.plan().toxics.empty());
    EXPECT_EQ(journal.plan().left_out.at(0),
              "toxic 't' of proxy 'db': the proxy was created anew after it");
    journal.change("toxic added");
    journal.act(1, 0);
    EXPECT_EQ(journal.toxic().nth, 0U);
}

TEST(replay_plan, cannot_name_those_who_were_turned_away)
{
    recording journal;
    journal.change("toxic added", {{"type", "accept"}});
    journal.put({{"kind", "hit"}, {"toxic", "t"}, {"offset", 0}, {"bytes", 0}, {"hits", 1}});
    EXPECT_TRUE(journal.plan().toxics.empty());
    EXPECT_EQ(journal.plan().left_out.size(), 1U);
}

TEST(recorded_toxics, are_made_of_records_only)
{
    recorded_toxics toxics;
    EXPECT_THROW(toxics.read(json::array()), json::exception);
    EXPECT_THROW(toxics.read({{"seq", 1}}), json::exception);
    EXPECT_THROW(toxics.read({{"seq", 1}, {"kind", "open"}, {"proxy", "p"}}), json::exception);
}

}  // namespace
}  // namespace aconite::cli
