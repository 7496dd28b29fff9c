// What a frame is about, in every version of all that there is a table for.
#include "tests/unit/toxics/kafka/messages.hpp"

#include "toxics/kafka/outline.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite::kafka;
using namespace aconite::test;

std::optional<outline> outline_of(frame_layout const& layout, std::string_view frame)
{
    return read_outline(layout.body->way, layout.body->api_key, layout.body_version,
                        static_cast<std::uint32_t>(frame.size()), frame);
}

TEST(kafka_outline, numbers_stand_where_it_says)
{
    std::size_t all = 0;
    for (auto const& layout : all_layouts()) {
        if (layout.body->api_key < 0)
            continue;
        for (std::uint32_t seed = 0; seed < 10; ++seed) {
            SCOPED_TRACE(std::string(layout.body->name) + " v" +
                         std::to_string(layout.body_version) + ", seed " + std::to_string(seed));
            frame_writer writer(seed);  // with nulls, tagged fields, and some that nobody knows
            std::int64_t next = 0;
            writer.number_of = [&](field const& what) {
                return fixed_bytes(what.kind) > 1 ? ++next % 30'000 : 1;
            };
            auto const frame = writer.write(layout);
            auto const read = outline_of(layout, frame);
            ASSERT_TRUE(read);
            auto changed = with_length(frame);
            auto const check = [&](std::vector<number_at> const& numbers) {
                for (auto const& each : numbers) {
                    auto const told = std::to_string(each.begin) + "-" +
                                      std::to_string(each.begin + fixed_bytes(each.what->kind)) +
                                      " " + std::string(each.what->name) + " = " +
                                      std::to_string(each.value);
                    EXPECT_NE(std::ranges::find(writer.told.lines, told), writer.told.lines.end())
                        << told;
                    set_number(changed, each, ~each.value);
                    set_number(changed, each, each.value);
                    ++all;
                }
            };
            check(read->numbers);
            for (auto const& each : read->topics)
                check(each.numbers);
            for (auto const& each : read->partitions)
                check(each.numbers);
            EXPECT_EQ(changed, with_length(frame));
        }
    }
    EXPECT_GT(all, 20'000U);
}

TEST(kafka_outline, is_of_whole_frames_only_what_they_have_to_be)
{
    for (auto const& layout : all_layouts()) {
        if (layout.body->api_key < 0)
            continue;
        frame_writer writer(3);
        auto const frame = writer.write(layout);
        EXPECT_FALSE(outline_of(layout, frame + "x")) << layout.body->name;
        if (!frame.empty()) {
            EXPECT_FALSE(outline_of(layout, frame.substr(0, frame.size() - 1)));
        }
    }
    EXPECT_FALSE(read_outline(direction::request, kf::produce, 14, 4, "abcd"));
    EXPECT_FALSE(read_outline(direction::request, kf::produce, -1, 4, "abcd"));
    EXPECT_FALSE(read_outline(direction::request, 99, 0, 4, "abcd"));
}

TEST(kafka_outline, tells_of_ten_thousand_topics_and_partitions)
{
    kf::saying many;
    for (int i = 0; i < 300; ++i) {
        auto& topic = many.topics.emplace_back();
        topic.name = "t" + std::to_string(i);
        for (std::int32_t n = 0; n < 100; ++n)
            topic.partitions.push_back({n});
    }
    for (auto const key : {kf::produce, kf::offset_fetch}) {  // in structures, and as numbers
        auto const frame = kf::request(key, 3, 1, many).substr(4);
        auto const read = read_outline(direction::request, key, 3,
                                       static_cast<std::uint32_t>(frame.size()), frame);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->topics.size() + read->partitions.size(), outline::mentions_max);
        for (auto const& each : read->partitions)
            EXPECT_FALSE(each.topic.empty());
    }
}

TEST(kafka_outline, puts_no_number_behind_the_end)
{
    std::string frame(10, '\0');
    field const wide{.name = "n", .kind = field_kind::int64};
    set_number(frame, {&wide, 0, 0}, -1);
    EXPECT_EQ(frame, std::string(10, '\0'));
    set_number(frame, {&wide, 1'000'000, 0}, -1);
    EXPECT_EQ(frame, std::string(10, '\0'));
    field const narrow{.name = "n", .kind = field_kind::int16};
    set_number(frame, {&narrow, 4, 0}, 0x1234);
    EXPECT_EQ(frame.substr(8), "\x12\x34");
}

}  // namespace
