#include "tests/support/kafka_frames.hpp"
#include "toxics/kafka/walker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aconite::test;
using aconite::kafka::direction;
using aconite::kafka::field;
using aconite::kafka::frame_layout;
using aconite::kafka::layout_of;
using aconite::kafka::walker;

std::uint32_t size_of(std::string_view bytes)
{
    return static_cast<std::uint32_t>(bytes.size());
}

std::string name_of(frame_layout const& layout)
{
    return std::string(layout.body->name) + " version " + std::to_string(layout.body_version);
}

TEST(kafka_walker, reads_every_message_in_every_version)
{
    std::size_t frames = 0;
    for (auto const& layout : all_layouts())
        for (std::uint32_t seed = 0; seed < 5; ++seed) {
            SCOPED_TRACE(name_of(layout) + ", seed " + std::to_string(seed));
            frame_writer writer(seed);
            auto const frame = writer.write(layout);
            event_log whole;
            walker at_once(layout, size_of(frame), whole);
            at_once.feed(frame);
            ASSERT_TRUE(at_once.finished()) << at_once.error();
            ASSERT_EQ(whole.lines, writer.told.lines);

            event_log pieces;
            walker bytewise(layout, size_of(frame), pieces);
            for (char const each : frame)
                bytewise.feed({&each, 1});
            ASSERT_TRUE(bytewise.finished()) << bytewise.error();
            ASSERT_EQ(pieces.lines, whole.lines);
            ++frames;
        }
    EXPECT_GT(frames, 1500U);
}

TEST(kafka_walker, reads_on_from_every_byte)
{
    for (auto const& layout : all_layouts()) {
        SCOPED_TRACE(name_of(layout));
        frame_writer writer(7);
        std::string const whole = writer.write(layout);
        std::string_view const frame = whole;
        for (std::size_t cut = 0; cut <= frame.size(); ++cut) {
            event_log told;
            walker reader(layout, size_of(frame), told);
            reader.feed(frame.substr(0, cut));
            reader.feed(frame.substr(cut));
            ASSERT_TRUE(reader.finished()) << cut << ": " << reader.error();
            ASSERT_EQ(told.lines, writer.told.lines) << cut;
        }
    }
}

TEST(kafka_walker, need_not_see_what_nobody_wants)
{
    auto const layout = *layout_of(direction::response, 1, 17);
    frame_writer writer(1);
    writer.nulls = false;
    writer.count_of = [](field const&) { return 2; };
    writer.text_of = [](field const& what) {
        return std::string(what.name == "Records" ? 5000 : 4, 'r');
    };
    std::string const whole = writer.write(layout);
    std::string_view frame = whole;
    event_log told;
    told.wanted = [](field const& what) { return what.name == "PartitionIndex"; };
    walker reader(layout, size_of(frame), told);
    std::size_t unseen = 0;
    while (!frame.empty()) {
        auto const count = static_cast<std::size_t>(reader.unseen());
        unseen += count;
        reader.on_unseen(count);
        frame.remove_prefix(count);
        if (count > 0)
            continue;
        reader.feed(frame.substr(0, 1));
        frame.remove_prefix(1);
    }
    EXPECT_TRUE(reader.finished()) << reader.error();
    EXPECT_GT(unseen, 4U * 5000U);
    EXPECT_EQ(std::ranges::count_if(told.lines,
                                    [](auto const& line) {
                                        return line.find("PartitionIndex = ") != std::string::npos;
                                    }),
              4);
}

TEST(kafka_walker, does_not_collect_long_texts)
{
    auto const layout = *layout_of(direction::request, 12, 4);
    frame_writer writer(1);
    writer.nulls = false;
    for (std::size_t const size : {walker::text_bytes_max, walker::text_bytes_max + 1}) {
        writer.text_of = [&](field const&) { return std::string(size, 'g'); };
        auto const frame = writer.write(layout);
        event_log told;
        walker reader(layout, size_of(frame), told);
        reader.feed(frame);
        EXPECT_TRUE(reader.finished()) << reader.error();
        EXPECT_EQ(told.lines, writer.told.lines);
    }
}

/// Wants all, and forgets it.
struct listener final : aconite::kafka::visitor {
    bool wants(field const&) override { return true; }
};

/// Reads a frame in pieces of `step` bytes; what is wrong with it, or "nothing".
std::string fault_in(std::string_view frame, frame_layout const& layout, std::size_t step = 1000)
{
    listener ear;
    walker reader(layout, size_of(frame), ear);
    reader.feed({});
    for (std::size_t at = 0; at < frame.size(); at += step)
        reader.feed(frame.substr(at, step));
    EXPECT_NE(reader.finished(), !reader.error().empty());
    return reader.finished() ? "nothing" : std::string(reader.error());
}

TEST(kafka_walker, tells_frames_that_end_too_early_or_too_late)
{
    for (auto const& layout : all_layouts()) {
        SCOPED_TRACE(name_of(layout));
        frame_writer writer(3);
        std::string const frame = writer.write(layout);
        for (std::size_t size = 0; size < frame.size(); ++size)
            ASSERT_NE(fault_in(std::string_view(frame).substr(0, size), layout), "nothing") << size;
        ASSERT_EQ(fault_in(frame + 'x', layout), "it goes on behind its end");
    }
}

struct hostile {
    std::string_view what;
    std::int16_t version;
    std::string_view body;  ///< of a Metadata response, behind a header of that version
    std::string_view error;
};

constexpr std::string_view operator""_b(char const* text, std::size_t size)
{
    return {text, size};
}

TEST(kafka_walker, tells_lengths_that_cannot_be)
{
    std::vector<hostile> const all = {
        {"negative array", 0, "\x80\0\0\0\0"_b, "a length less than nothing"},
        {"null array that may not be", 0, "\xff\xff\xff\xff\0"_b, "a length less than nothing"},
        {"huge array", 0, "\x7f\xff\xff\xff\0"_b, "an array longer than its frame"},
        {"negative string", 0, "\0\0\0\1\0\0\0\1\xff\xfe\0\0\0\0\0\0"_b,
         "a length less than nothing"},
        {"null string that may not be", 0, "\0\0\0\1\0\0\0\1\xff\xff\0\0\0\0\0\0"_b,
         "a length less than nothing"},
        {"huge string", 0, "\0\0\0\1\0\0\0\1\x7f\xff\0\0\0\0\0\0"_b,
         "a text longer than its frame"},
        {"huge compact array", 9, "\0\0\0\0\xff\xff\xff\xff\x0f\0"_b,
         "an array longer than its frame"},
        {"compact null array that may not be", 9, "\0\0\0\0\0\0\0\0"_b,
         "a length less than nothing"},
        {"a number of six bytes", 9, "\0\0\0\0\x81\x80\x80\x80\x80\0"_b,
         "a number of too many bytes"},
        {"a number of 33 bits", 9, "\0\0\0\0\x81\x80\x80\x80\x10\0"_b,
         "a number of too many bytes"},
        {"many tags", 9, "\0\0\0\0\2\0\0\0\1\2h\0\0\0\1\0\xff\xff\xff\xff\x0f"_b,
         "more tagged fields than bytes"},
        {"a huge tag", 9, "\0\0\0\0\2\0\0\0\1\2h\0\0\0\1\0\1\7\xff\xff\xff\xff\x0f\0"_b,
         "a tagged field longer than what it is in"},
    };
    for (auto const& each : all) {
        auto const layout = *layout_of(direction::response, 3, each.version);
        auto const frame = std::string(layout.header_version == 0 ? 4 : 5, '\0').append(each.body);
        EXPECT_EQ(fault_in(frame, layout), each.error) << each.what;
        EXPECT_EQ(fault_in(frame, layout, 1), each.error) << each.what;
    }
}

TEST(kafka_walker, tells_tagged_fields_of_a_wrong_size)
{
    // A Produce response without topics, whose only tagged field are no endpoints.
    auto const layout = *layout_of(direction::response, 0, 10);
    auto const frame = [](std::string_view tagged) {
        return std::string(4 + 1, '\0').append("\1\0\0\0\0\1\0"_b).append(tagged);
    };
    EXPECT_EQ(fault_in(frame("\1\1"_b), layout), "nothing");
    EXPECT_EQ(fault_in(frame("\0\1"_b), layout), "it ends too early");
    EXPECT_EQ(fault_in(frame("\2\1\0"_b), layout), "a tagged field is shorter than it says");
    EXPECT_EQ(fault_in(frame("\1\2\0"_b), layout), "an array longer than its frame");
}

TEST(kafka_walker, survives_any_byte_changed)
{
    for (auto const& layout : all_layouts()) {
        frame_writer writer(5);
        std::string frame = writer.write(layout);
        for (auto& each : frame)
            for (char const other : {'\0', '\x7f', '\xff'}) {
                auto const kept = each;
                each = other;
                EXPECT_EQ(fault_in(frame, layout), fault_in(frame, layout, 1));
                each = kept;
            }
    }
}

}  // namespace
