// Where frames begin and end.
#include "tests/support/frame_line.hpp"

#include "toxics/frame/frame_reader.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace aconite::test {
namespace {

using namespace std::literals;
using texts = std::vector<std::string>;

/// The frames of `bytes`, read in pieces of `step` bytes; behind a bad one "!", behind the last
/// what is not whole.
texts frames_of(attribute_list const& settings, std::string_view bytes, std::size_t step)
{
    auto const how = std::static_pointer_cast<frame::framing>(framed(settings));
    frame::frame_reader reader(*how, how->skip[0]);
    texts made;
    std::string open;
    for (std::size_t from = 0; from < bytes.size(); from += step) {
        for (auto rest = bytes.substr(from, step); !rest.empty();) {
            auto const taken = reader.feed(rest);
            EXPECT_GT(taken, 0U);
            open.append(rest.substr(0, taken));
            rest.remove_prefix(taken);
            if (reader.is_bad()) {
                made.emplace_back("!");
                return made;
            }
            EXPECT_EQ(reader.seen(), open.size());
            if (reader.is_whole()) {
                EXPECT_EQ(reader.size(), open.size());
                made.push_back(std::exchange(open, {}));
                reader.restart();
            }
        }
    }
    if (!open.empty())
        made.push_back(open + "...");
    return made;
}

void expect_frames(attribute_list const& settings, std::string_view bytes, texts const& wanted)
{
    for (std::size_t step = 1; step <= bytes.size(); ++step)
        EXPECT_EQ(frames_of(settings, bytes, step), wanted) << step;
}

TEST(frame_reader, finds_frames_by_their_length)
{
    expect_frames({{"frame", "length"}}, "\0\0\0\2ab\0\0\0\0\0\0\0\1c\0\0"s,
                  {"\0\0\0\2ab"s, "\0\0\0\0"s, "\0\0\0\1c"s, "\0\0..."s});
    // As in PostgreSQL: the length counts itself.
    expect_frames({{"frame", "length"}, {"offset", 1}, {"includes", 4}},
                  "Q\0\0\0\6ab"
                  "S\0\0\0\4"s,
                  {"Q\0\0\0\6ab"s, "S\0\0\0\4"s});
    // As in MySQL: a byte behind the length is not counted.
    expect_frames({{"frame", "length"}, {"bytes", 3}, {"order", "little"}, {"includes", -1}},
                  "\2\0\0\0ab\0\0\0\1\1\0\0\2c"s, {"\2\0\0\0ab"s, "\0\0\0\1"s, "\1\0\0\2c"s});
    // As in AMQP: seven bytes, then so many and one more; the first eight are none.
    expect_frames({{"frame", "length"}, {"offset", 3}, {"includes", -1}, {"skip_upstream", 8}},
                  "AMQP\0\0\x9\1\1\0\0\0\0\0\2ab\xce"s,
                  {"AMQP\0\0\x9\1"s, "\1\0\0\0\0\0\2ab\xce"s});
}

TEST(frame_reader, finds_frames_by_what_they_end_with)
{
    expect_frames(of_lines, "a\r\n\r\nb\r\r\nc\n\r", {"a\r\n", "\r\n", "b\r\r\n", "c\n\r..."});
    expect_frames({{"frame", "delimiter"}, {"hex", "00"}}, "a\0\0b"s, {"a\0"s, "\0"s, "b..."});
    expect_frames({{"frame", "delimiter"}, {"text", "aab"}}, "aaab_aab", {"aaab", "_aab"});
    expect_frames({{"frame", "delimiter"}, {"text", "aa"}}, "aaaaa", {"aa", "aa", "a..."});
}

TEST(frame_reader, finds_frames_of_one_size)
{
    expect_frames({{"frame", "fixed"}, {"bytes", 3}}, "abcdefgh", {"abc", "def", "gh..."});
}

TEST(frame_reader, tells_what_is_no_frame)
{
    expect_frames({{"frame", "length"}, {"bytes", 1}, {"largest", 5}}, "\4abcd\5abcde",
                  {"\4abcd", "!"});
    expect_frames({{"frame", "length"}, {"bytes", 1}, {"includes", 1}}, "\2a\0b"s, {"\2a", "!"});
    expect_frames({{"frame", "length"}, {"bytes", 8}}, "\xff\xff\xff\xff\xff\xff\xff\xff"s, {"!"});
    expect_frames({{"frame", "delimiter"}, {"text", "\n"}, {"largest", 3}}, "ab\nabcd\n",
                  {"ab\n", "!"});
}

TEST(framing, puts_a_frame_right)
{
    auto const right = [](attribute_list const& settings, std::string text) {
        auto const how = std::static_pointer_cast<frame::framing>(framed(settings));
        return how->put_right(text) ? text : std::string("none");
    };
    EXPECT_EQ(right({{"frame", "length"}}, "\0\0\0\0abc"s), "\0\0\0\3abc"s);
    EXPECT_EQ(right({{"frame", "length"}, {"bytes", 2}, {"order", "little"}}, "..abc"), "\3\0abc"s);
    EXPECT_EQ(right({{"frame", "length"}, {"offset", 1}, {"includes", 5}}, "Q....ab"),
              "Q\0\0\0\7ab"s);
    EXPECT_EQ(right({{"frame", "length"}, {"bytes", 3}, {"includes", -1}}, "...0ab"), "\0\0\2"
                                                                                      "0ab"s);
    EXPECT_EQ(right(of_short_frames, std::string(257, 'x')), "none");
    EXPECT_EQ(right(of_short_frames, std::string(256, 'x')).front(), '\xff');
    EXPECT_EQ(right({{"frame", "length"}}, "abc"), "none");
    EXPECT_EQ(right({{"frame", "length"}, {"includes", -1}}, "abcd"), "none");
    EXPECT_EQ(right(of_lines, "a"), "a\r\n");
    EXPECT_EQ(right(of_lines, "a\r\n"), "a\r\n");
    EXPECT_EQ(right({{"frame", "fixed"}, {"bytes", 4}}, "ab"), "ab\0\0"s);
    EXPECT_EQ(right({{"frame", "fixed"}, {"bytes", 1}}, "ab"), "a");
}

TEST(framing, is_refused_what_cannot_be)
{
    auto const refused = [](attribute_list const& settings) {
        attribute_values values(frame::settings_attributes);
        for (auto const& [name, value] : settings)
            if (auto const set = values.set(name, value); !set)
                return set.error().text;
        auto const fits = frame::check_settings(values);
        return fits ? std::string() : fits.error().text;
    };
    EXPECT_EQ(refused({{"frame", "length"}, {"bytes", 9}}),
              "bad request body: attribute 'bytes' must be between 1 and 8 bytes for a length, not "
              "9");
    EXPECT_EQ(refused({{"frame", "length"}, {"bytes", 2}, {"offset", 1}, {"includes", 4}}),
              "bad request body: attribute 'includes' must be at most 3 bytes (offset and bytes), "
              "not 4");
    EXPECT_EQ(refused({{"frame", "length"}, {"text", "x"}}),
              "bad request body: attribute 'text' must be absent: frames by length have none");
    EXPECT_EQ(refused({{"frame", "delimiter"}, {"text", "x"}, {"bytes", 3}}),
              "bad request body: attribute 'bytes' must be absent: frames by delimiter have none");
    auto const delimiter = "bad request body: attribute 'text' must be 1 to 64 bytes for a "
                           "delimiter, or 'hex' the digits of so many in its place";
    EXPECT_EQ(refused({{"frame", "delimiter"}}), delimiter);
    EXPECT_EQ(refused({{"frame", "delimiter"}, {"hex", "0"}}), delimiter);
    EXPECT_EQ(refused({{"frame", "delimiter"}, {"hex", "00"}, {"text", "x"}}), delimiter);
    EXPECT_EQ(refused({{"frame", "delimiter"}, {"text", std::string(65, 'x')}}), delimiter);
    EXPECT_EQ(refused({{"frame", "fixed"}, {"bytes", 5}, {"largest", 4}}),
              "bad request body: attribute 'bytes' must be at most 'largest' bytes");
    EXPECT_EQ(refused({{"frame", "fixed"}, {"bytes", 64}}), "");
    EXPECT_EQ(refused({{"frame", "length"}, {"offset", 7}, {"largest", 10}}),
              "bad request body: attribute 'largest' must be at least 11 bytes (offset and bytes), "
              "not 10");
    EXPECT_EQ(refused({{"frame", "length"}, {"offset", 6}, {"largest", 10}}), "");
}

}  // namespace
}  // namespace aconite::test
