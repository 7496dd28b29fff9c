#include "clients/experiment/actions/action.hpp"

#include <gtest/gtest.h>

#include <set>

namespace aconite::experiment {
namespace {

TEST(action_rows, are_whole_and_distinct)
{
    std::set<std::string_view> names;
    for (auto const& each : action_kinds()) {
        EXPECT_TRUE(names.insert(each.row.name).second) << each.row.name;
        EXPECT_FALSE(each.row.about.empty() || each.row.example.empty()) << each.row.name;
        EXPECT_NE(each.make, nullptr) << each.row.name;
        std::set<std::string_view> fields;
        for (auto const& one : each.row.fields) {
            EXPECT_TRUE(fields.insert(one.name).second) << each.row.name << " " << one.name;
            EXPECT_FALSE(one.about.empty()) << each.row.name << " " << one.name;
        }
        EXPECT_TRUE(each.row.primary.empty() || fields.contains(each.row.primary)) << each.row.name;
    }
    EXPECT_EQ(names.size(), 18u);
}

}  // namespace
}  // namespace aconite::experiment
