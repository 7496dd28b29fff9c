#include "toxics/kafka/layout.hpp"
#include "toxics/kafka/schema/tables.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace {

using namespace aconite::kafka;

TEST(kafka_schema, names_of_apis_and_errors)
{
    EXPECT_EQ(find_api(0)->name, "Produce");
    EXPECT_EQ(find_api("ShareFetch")->key, 78);
    EXPECT_EQ(find_api(2000), nullptr);
    EXPECT_EQ(find_api("produce"), nullptr);
    EXPECT_EQ(find_error("NOT_LEADER_OR_FOLLOWER")->code, 6);
    EXPECT_TRUE(find_error(6)->retriable);
    EXPECT_FALSE(find_error("TOPIC_AUTHORIZATION_FAILED")->retriable);
    EXPECT_EQ(find_error(-1)->name, "UNKNOWN_SERVER_ERROR");
    EXPECT_EQ(find_error("MADE_UP"), nullptr);
}

TEST(kafka_schema, headers_follow_the_version)
{
    // Those that have no flexible versions, a flexible one, and the one that differs.
    EXPECT_EQ(layout_of(direction::request, 17, 1)->header_version, 1);
    EXPECT_EQ(layout_of(direction::response, 17, 1)->header_version, 0);
    EXPECT_EQ(layout_of(direction::request, 3, 8)->header_version, 1);
    EXPECT_EQ(layout_of(direction::request, 3, 9)->header_version, 2);
    EXPECT_EQ(layout_of(direction::response, 3, 9)->header_version, 1);
    EXPECT_EQ(layout_of(direction::request, 18, 3)->header_version, 2);
    EXPECT_EQ(layout_of(direction::response, 18, 3)->header_version, 0);
}

TEST(kafka_schema, newer_versions_are_not_known)
{
    EXPECT_FALSE(layout_of(direction::response, 3, 14));
    EXPECT_FALSE(layout_of(direction::response, 3, -1));
    EXPECT_FALSE(layout_of(direction::response, 30, 1)) << "it has no table";
    EXPECT_TRUE(is_known(3, 13));
    EXPECT_FALSE(is_known(3, 14));
    EXPECT_FALSE(is_known(3, -1));
    EXPECT_TRUE(is_known(30, 1));
    EXPECT_FALSE(is_known(4, 0)) << "it is no more";
    EXPECT_FALSE(is_known(2000, 0));
}

TEST(kafka_schema, rows_hang_together)
{
    for (auto const& each : tables::fields()) {
        EXPECT_EQ(each.is_structure(), each.fields.count > 0) << each.name;
        EXPECT_EQ(each.tag >= 0, each.tagged.contains(127)) << each.name;
        EXPECT_LE(each.fields.first + each.fields.count, tables::fields().size()) << each.name;
    }
    for (auto const& each : tables::messages().subspan(2))
        EXPECT_EQ(find_api(each.api_key)->newest, each.newest) << each.name;
}

}  // namespace
