// The toxics of PostgreSQL's statements as a C++ test writes them.
#include "toxics/postgres/presets.hpp"

#include <aconite/engine.hpp>
#include <aconite/postgres.hpp>
#include <aconite/scoped_proxy.hpp>

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

toxic_info told_by(engine const& e)
{
    return e.proxy("db").value().toxics.at(0);
}

template <class Value>
Value value_of(attribute_list const& list, std::string_view name)
{
    for (auto const& [key, value] : list)
        if (key == name)
            return std::get<Value>(value);
    throw std::runtime_error("no " + std::string(name));
}

TEST(postgres_toxics, have_a_word_for_each_preset)
{
    engine e;
    scoped_proxy db(e, "db", "127.0.0.1:1", "postgres");
    std::set<std::string> names;
    for (auto* const word :
         {&postgres::serialization_failure, &postgres::deadlock, &postgres::lock_timeout,
          &postgres::statement_timeout, &postgres::unique_violation, &postgres::read_only,
          &postgres::disk_full, &postgres::admin_shutdown, &postgres::crash, &postgres::starting_up,
          &postgres::too_many_connections, &postgres::lose_commit_ack, &postgres::phantom_commit,
          &postgres::failover}) {
        auto const added = db.add(word());
        names.insert(value_of<std::string>(told_by(e).attributes, "preset"));
    }
    EXPECT_EQ(names.size(), std::size(postgres::all_presets));
}

TEST(postgres_toxics, are_put_together_word_by_word)
{
    engine e;
    scoped_proxy db(e, "db", "127.0.0.1:1", "postgres");
    auto const added = db.add(postgres::error("40001")
                                  .match("query", "^UPDATE orders")
                                  .rate(0.5)
                                  .delay(20ms)
                                  .after_hits(3)
                                  .every(2)
                                  .times(4)
                                  .ttl(1h)
                                  .named("conflict"));
    auto const told = told_by(e);
    EXPECT_EQ(told.name, "conflict");
    EXPECT_EQ(value_of<std::string>(told.attributes, "fault"), "error");
    EXPECT_EQ(value_of<std::string>(told.attributes, "sqlstate"), "40001");
    EXPECT_EQ(value_of<double>(told.attributes, "rate"), 0.5);
    EXPECT_EQ(value_of<std::int64_t>(told.attributes, "delay"), 20);
    EXPECT_EQ(value_of<std::string>(told.aim.match, "query"), "^UPDATE orders");
    EXPECT_EQ(value_of<std::int64_t>(told.aim.trigger, "after_hits"), 3);
    EXPECT_EQ(value_of<std::int64_t>(told.aim.trigger, "every"), 2);
    EXPECT_EQ(value_of<std::int64_t>(told.aim.trigger, "times"), 4);
    EXPECT_EQ(told.aim.ttl_ms, 3'600'000);
}

TEST(postgres_toxics, are_refused_where_nobody_follows_the_protocol)
{
    engine e;
    scoped_proxy db(e, "db", "127.0.0.1:1");
    EXPECT_THROW(static_cast<void>(db.add(postgres::disconnect())), std::runtime_error);
}

TEST(postgres_toxics, follow_each_other_where_the_preset_says_so)
{
    engine e;
    scoped_proxy db(e, "db", "127.0.0.1:1", "postgres");
    {
        auto const implied = db.add(postgres::failover());
        auto const steps = told_by(e).aim.schedule.value();
        ASSERT_EQ(steps.size(), 3U);
        EXPECT_EQ(value_of<std::string>(steps[0].attributes, "preset"), "starting_up");
        EXPECT_EQ(value_of<std::string>(steps[1].attributes, "preset"), "read_only");
        EXPECT_EQ(steps[2].what, schedule_step::action::remove);
    }
    toxic_config own = postgres::failover();
    own.aim.schedule = {{60'000, schedule_step::action::remove}};
    auto const said = db.add(own);
    EXPECT_EQ(told_by(e).aim.schedule, own.aim.schedule);
}

}  // namespace
}  // namespace aconite::testing
