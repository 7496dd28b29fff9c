// A toxic that is changed or removed while an answer is on its way that it acts on.
#include "tests/unit/toxics/postgres/messages.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace {

using namespace aconite;
using namespace aconite::test::pg;
using namespace std::chrono_literals;

/// Changes a toxic with these attributes, or removes it.
using change = std::function<void(session&, std::uint64_t, attribute_list const&)>;

change const changes[] = {
    [](session& line, std::uint64_t id, attribute_list attributes) {
        attributes.emplace_back("delay", attribute_value(std::int64_t{1}));
        line.update(id, attributes);
    },
    [](session& line, std::uint64_t id, attribute_list const&) { line.remove(id); },
};

TEST(postgres_change, rows_that_come_behind_it_have_no_pace)
{
    attribute_list const slow{{"fault", "slow_rows"}, {"rows_per_second", 10}};
    for (auto const& make : changes) {
        session line;
        auto const id = line.add(slow);
        line.client(query("select"));
        line.server(frame('T', "x") + row("1") + row("2"));
        EXPECT_EQ(types(line.to_client()), "TD");
        make(line, id, slow);
        EXPECT_EQ(types(line.to_client()), "D");
        line.server(row("3") + row("4") + complete("SELECT 4") + ready());
        EXPECT_EQ(types(line.to_client()), "DDCZ");
    }
}

TEST(postgres_change, a_new_pace_is_for_the_next_answer)
{
    session line;
    auto const id = line.add({{"fault", "slow_rows"}, {"rows_per_second", 10}});
    line.client(query("select"));
    line.server(frame('T', "x") + row("1") + row("2"));
    line.update(id, {{"fault", "slow_rows"}, {"rows_per_second", 1}});
    line.server(complete("SELECT 2") + ready());
    EXPECT_EQ(types(line.to_client()), "TDDCZ");
    line.client(query("select"));
    line.server(frame('T', "x") + row("1") + row("2") + complete("SELECT 2") + ready());
    line.pass(999ms);
    EXPECT_EQ(types(line.to_client()), "TD");
    line.pass(1ms);
    EXPECT_EQ(types(line.to_client()), "DCZ");
}

TEST(postgres_change, all_of_an_answer_that_stood_still_goes_on)
{
    attribute_list const stalls{{"fault", "lose_reply"}, {"then", "stall"}};
    for (auto const& make : changes) {
        session line;
        auto const id = line.add(stalls);
        line.client(query("select"));
        line.server(frame('T', "x") + row("1"));
        EXPECT_EQ(line.to_client(), "");
        make(line, id, stalls);
        EXPECT_EQ(types(line.to_client()), "TD");
        line.server(row("2") + complete("SELECT 2") + ready());
        EXPECT_EQ(types(line.to_client()), "DCZ");
    }
}

TEST(postgres_change, an_answer_is_cut_short_no_more)
{
    attribute_list const cuts{{"fault", "truncate"}, {"rows", 2}};
    for (auto const& make : changes) {
        session line;
        auto const id = line.add(cuts);
        line.client(query("select"));
        line.server(frame('T', "x") + row("1"));
        make(line, id, cuts);
        line.server(row("2") + row("3") + complete("SELECT 3") + ready());
        EXPECT_EQ(types(line.to_client()), "TDDDCZ");
        EXPECT_EQ(line.ended[1], std::nullopt);
    }
}

}  // namespace
