// A connection of which the frames are known, and the faults of single frames.
#include "tests/support/frame_line.hpp"

#include "proxy/pipeline/trigger.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::test {
namespace {

using namespace std::literals;

TEST(frame_follower, without_a_toxic_all_passes_as_it_comes)
{
    frame_line line(of_lines);
    line.client("GET");
    EXPECT_EQ(line.to_server(), "GET");
    line.client(" /\r\nHo");
    EXPECT_EQ(line.to_server(), " /\r\nHo");
    line.server("HTTP");
    EXPECT_EQ(line.to_client(), "HTTP");
    line.client_ends();
    EXPECT_EQ(line.ended[0], ending::half_close);
}

TEST(frame_follower, without_a_toxic_on_its_stream_it_passes_as_it_comes)
{
    for (auto const on : {stream::upstream, stream::downstream}) {
        auto const other = on == stream::upstream ? stream::downstream : stream::upstream;
        frame_line line(of_short_frames);
        line.add({{"fault", "drop"}}, {{"frame", "1"}}, {}, on);
        auto const give = [&](stream to, std::string_view bytes) {
            to == stream::upstream ? line.client(bytes) : line.server(bytes);
            return std::exchange(line.out[static_cast<std::size_t>(to)], {});
        };
        EXPECT_EQ(give(other, "\3a"), "\3a");
        EXPECT_EQ(line.mind().unseen_bytes(other), 2U);
        EXPECT_EQ(give(on, "\3a"), "");
        EXPECT_EQ(line.mind().unseen_bytes(on), 0U);
        EXPECT_EQ(give(on, "bc\1d\1e"), "\3abc\1e");
        EXPECT_EQ(give(other, "bc\1d\1e"), "bc\1d\1e");
        line.add({{"fault", "drop"}}, {{"frame", "3"}}, {}, other);
        EXPECT_EQ(give(other, "\1"), "");
        EXPECT_EQ(give(other, "f\1g"), "\1g") << "all were counted";
    }
}

TEST(frame_follower, an_answer_is_lost_on_a_stream_that_passes_as_it_comes)
{
    frame_line line(of_lines);
    auto const id = line.add({{"fault", "lose_reply"}, {"reply", "same"}, {"cut", "none"}},
                             {{"frame", "1"}}, {}, stream::upstream);
    line.client("a\r\nb\r\n");
    EXPECT_EQ(line.answers("on"), "on");
    EXPECT_EQ(line.answers("e\r\ntw"), "e\r\n");
    EXPECT_EQ(line.answers("o\r\nthree"), "three");
    line.client("half");
    line.to_server();
    line.remove(id);
    EXPECT_EQ(line.to_server(), "half");
}

TEST(frame_follower, matches_by_bytes_number_and_size)
{
    struct row {
        attribute_list match;
        std::string passed;
    };
    for (auto const& [match, passed] :
         {row{{{"bytes", "^b"}}, "a\r\nccc\r\n"}, row{{{"bytes", "\\r"}}, ""},
          row{{{"frame", "0,2-9"}}, "bb\r\n"}, row{{{"size", "3,5"}}, "bb\r\n"},
          row{{{"size", "4-4"}}, "a\r\nccc\r\n"}, row{{{"hex", "^6262"}}, "a\r\nccc\r\n"},
          row{{{"hex", "0D0A$"}, {"frame", "1"}}, "a\r\nccc\r\n"},
          row{{{"hex", "0d0a$"}, {"frame", "1"}}, "a\r\nccc\r\n"},
          row{{{"bytes", "c"}, {"frame", "1"}}, "a\r\nbb\r\nccc\r\n"}}) {
        frame_line line(of_lines);
        line.add({{"fault", "drop"}}, match);
        line.client("a\r\nbb\r\nccc\r\n");
        EXPECT_EQ(line.to_server(), passed);
    }
}

TEST(frame_follower, bytes_are_matched_as_they_are)
{
    frame_line line(of_short_frames);
    line.add({{"fault", "drop"}}, {{"bytes", "^\\x02\\xff\\x00$"}});
    line.server("\2\xff\0\1a"s);
    EXPECT_EQ(line.to_client(), "\1a");
    ASSERT_EQ(line.hits.size(), 1U);
    EXPECT_EQ(line.hits[0],
              (conversation_line::facts{
                  {"frame", "0"}, {"size", "3"}, {"hex", "02ff00"}, {"bytes", "\2\xff\0"s}}));
}

TEST(frame_follower, does_the_same_however_the_frames_are_cut)
{
    struct row {
        attribute_list fault;
        attribute_list match;
        std::string wanted;
    };
    std::string const sent = "\1a\2bb\0\3ccc\1d"s;
    for (auto const& [fault, match, wanted] :
         {row{{{"fault", "drop"}}, {{"frame", "1"}}, "\1a\0\3ccc\1d"s},
          row{{{"fault", "duplicate"}, {"copies", 2}},
              {{"frame", "1"}},
              "\1a\2bb\2bb\2bb\0\3ccc\1d"s},
          row{{{"fault", "replace"}, {"text", "XYZ"}}, {{"bytes", "bb"}}, "\1a\3XYZ\0\3ccc\1d"s},
          row{{{"fault", "replace"}, {"hex", "58"}, {"keep", 2}},
              {{"bytes", "bb"}},
              "\1a\2bX\0\3ccc\1d"s},
          row{{{"fault", "replace"}, {"text", "X"}, {"length", "as_was"}},
              {{"bytes", "ccc"}},
              "\1a\2bb\0\3X\1d"s},
          row{{{"fault", "truncate"}, {"size", 2}}, {{"size", "4"}}, "\1a\2bb\0\1c\1d"s},
          row{{{"fault", "truncate"}, {"size", 2}, {"length", "as_was"}},
              {{"size", "4"}},
              "\1a\2bb\0\3c\1d"s},
          row{{{"fault", "truncate"}, {"size", 0}}, {{"size", "4"}}, "\1a\2bb\0\0\1d"s},
          row{{{"fault", "reorder"}}, {{"frame", "1"}}, "\1a\0\2bb\3ccc\1d"s},
          row{{{"fault", "reorder"}, {"behind", 2}}, {{"frame", "0"}}, "\2bb\0\1a\3ccc\1d"s},
          row{{{"fault", "reorder"}}, {}, "\2bb\1a\3ccc\0\1d"s},
          row{{{"fault", "reorder"}, {"behind", 9}}, {{"frame", "1"}}, "\1a\0\3ccc\1d\2bb"s},
          row{{{"fault", "drop"}}, {{"bytes", "nothing"}}, sent}}) {
        for (std::size_t cut = 1; cut < sent.size(); ++cut) {
            for (std::size_t next = cut; next < sent.size(); ++next) {
                frame_line line(of_short_frames);
                line.add(fault, match);
                line.client(std::string_view(sent).substr(0, cut));
                line.client(std::string_view(sent).substr(cut, next - cut));
                line.client(std::string_view(sent).substr(next));
                line.client_ends();
                EXPECT_EQ(line.to_server(), wanted) << cut << ' ' << next;
                EXPECT_EQ(line.ended[0], ending::half_close);
            }
        }
    }
}

TEST(frame_follower, a_delayed_frame_holds_up_what_is_behind_it)
{
    frame_line line(of_lines);
    line.add({{"delay", 100}}, {{"bytes", "slow"}});
    line.client("a\r\nslow\r\nb\r\n");
    line.server("x\r\n");
    EXPECT_EQ(line.to_server(), "a\r\n");
    EXPECT_EQ(line.to_client(), "x\r\n");
    line.server("slow\r\n");
    line.client("c\r\n");
    line.client_ends();
    line.pass(99ms);
    EXPECT_EQ(line.to_server(), "");
    line.pass(1ms);
    EXPECT_EQ(line.to_server(), "slow\r\nb\r\nc\r\n");
    EXPECT_EQ(line.to_client(), "slow\r\n");
    EXPECT_EQ(line.ended[0], ending::half_close);
}

TEST(frame_follower, a_late_frame_waits_for_its_time_at_most)
{
    frame_line line(of_lines);
    line.add({{"fault", "reorder"}, {"behind", 3}, {"wait", 50}}, {{"bytes", "late"}});
    line.client("late\r\na\r\n");
    EXPECT_EQ(line.to_server(), "a\r\n");
    line.pass(50ms);
    EXPECT_EQ(line.to_server(), "late\r\n");
}

TEST(frame_follower, a_frame_ends_the_connection)
{
    frame_line line(of_lines);
    auto const id = line.add({{"fault", "disconnect"}}, {{"bytes", "end"}});
    line.client("a\r\nend\r\nb\r\n");
    EXPECT_EQ(line.to_server(), "a\r\n");
    EXPECT_EQ(line.ended[0], ending::reset);
    EXPECT_EQ(line.cut_by, id);

    frame_line after(of_lines);
    after.add({{"fault", "disconnect"}, {"apply", "after"}, {"cut", "fin"}, {"delay", 5}},
              {{"bytes", "end"}});
    after.server("a\r\nend\r\nb\r\n");
    EXPECT_EQ(after.to_client(), "a\r\n");
    EXPECT_EQ(after.ended[1], std::nullopt);
    after.pass(5ms);
    EXPECT_EQ(after.to_client(), "end\r\n");
    EXPECT_EQ(after.ended[1], ending::close);
}

TEST(frame_follower, loses_the_next_answer)
{
    frame_line line(of_lines);
    line.add({{"fault", "lose_reply"}, {"cut", "none"}}, {{"bytes", "^b"}});
    line.client("a\r\n");
    line.server("1\r\n");
    line.client("b\r\n");
    line.server("2");
    line.server("\r\n3\r\n");
    EXPECT_EQ(line.to_server(), "a\r\nb\r\n");
    EXPECT_EQ(line.to_client(), "1\r\n3\r\n");

    frame_line cut(of_lines);
    auto const id = cut.add({{"fault", "lose_reply"}, {"delay", 10}}, {{"bytes", "^b"}});
    cut.client("b\r\n");
    cut.server("0\r\n");  // it has not been asked yet
    cut.pass(10ms);
    cut.server("2\r\n");
    EXPECT_EQ(cut.to_client(), "0\r\n");
    EXPECT_EQ(cut.ended[1], ending::reset);
    EXPECT_EQ(cut.cut_by, id);
}

TEST(frame_follower, what_is_asked_for_before_an_answer_with_which_it_ends_is_no_hit)
{
    for (std::string const reply : {"next", "same"}) {
        frame_line line(of_lines);
        auto const id = line.add({{"fault", "lose_reply"}, {"reply", reply}}, {{"bytes", "^b"}});
        line.client("b\r\nb\r\n");
        line.client("b\r\n");
        EXPECT_EQ(line.hits.size(), 1U);
        line.remove(id);
        line.add({{"fault", "drop"}});
        EXPECT_EQ(line.to_server(), "b\r\nb\r\nb\r\n");
        line.client("b\r\n");
        EXPECT_EQ(line.to_server(), "");
    }
}

TEST(frame_follower, an_empty_frame_is_the_least_that_truncate_leaves)
{
    frame_line line(attribute_list{{"frame", "length"}});
    line.add({{"fault", "truncate"}, {"size", 2}});
    line.client("\0\0\0\3abc"s);
    EXPECT_EQ(line.to_server(), "\0\0\0\0"s);
    EXPECT_TRUE(line.told.empty());
}

TEST(frame_follower, what_came_before_an_answer_that_is_lost_is_told)
{
    for (auto const& cut : {"rst", "none"}) {
        frame_line next(of_lines);
        next.add({{"fault", "lose_reply"}, {"cut", cut}}, {{"bytes", "^b"}});
        next.client("a\r\n");
        next.server("on");
        next.client("b\r\n");
        next.server("e\r\ntwo\r\n");
        EXPECT_EQ(next.to_client(), "one\r\n") << cut;

        frame_line same(of_lines);
        same.add({{"fault", "lose_reply"}, {"reply", "same"}, {"cut", cut}}, {{"bytes", "^b"}});
        same.client("a\r\nb\r\n");
        same.server("one\r\ntwo\r\n");
        EXPECT_EQ(same.to_client(), "one\r\n") << cut;
    }
}

TEST(frame_follower, loses_the_answer_of_the_same_number)
{
    frame_line line(of_lines);
    line.add({{"fault", "lose_reply"}, {"reply", "same"}, {"cut", "none"}}, {{"bytes", "b|d"}});
    line.client("a\r\nb\r\nc\r\nd\r\n");
    line.server("1\r\n2\r\n3\r\n4\r\n5\r\n");
    EXPECT_EQ(line.to_client(), "1\r\n3\r\n5\r\n");
}

TEST(frame_follower, an_answer_can_be_lost_by_itself)
{
    frame_line line(of_lines);
    line.add({{"fault", "lose_reply"}}, {{"bytes", "2"}});
    line.server("1\r\n2\r\n3\r\n");
    EXPECT_EQ(line.to_client(), "1\r\n");
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(frame_follower, a_large_frame_is_judged_by_its_beginning)
{
    auto const large = "\0\2\0\0"s + std::string(131'072, 'x');
    attribute_list const settings{{"frame", "length"}};
    frame_line drops(settings);
    drops.add({{"fault", "drop"}}, {{"size", "131076"}});
    drops.client(large);
    drops.client("\0\0\0\1y"s);
    EXPECT_EQ(drops.to_server(), "\0\0\0\1y"s);

    frame_line cuts(settings);
    cuts.add({{"fault", "truncate"}, {"size", 6}}, {{"bytes", "^....x"}});
    cuts.client(large);
    cuts.client("\0\0\0\1y"s);
    EXPECT_EQ(cuts.to_server(), "\0\0\0\2xx\0\0\0\1y"s);

    frame_line twice(settings);
    twice.add({{"fault", "duplicate"}});
    for (std::size_t at = 0; at < large.size(); at += 1000)
        twice.client(std::string_view(large).substr(at, 1000));
    EXPECT_EQ(twice.to_server(), large);
    EXPECT_EQ(twice.told, std::vector<std::string>{"passed: it is larger than 65536 bytes"});

    for (auto const& [kind, bytes] : {std::pair{settings, std::string("\0\1\x11\x70", 4)},
                                      std::pair{of_lines, std::string()}}) {
        auto whole = bytes + std::string(70'000, 'x');
        if (bytes.empty())
            whole.append("\r\n");
        for (auto const at :
             {std::size_t{1}, std::size_t{65'530}, std::size_t{65'536}, whole.size()}) {
            frame_line cut(kind);
            cut.add({{"fault", "duplicate"}});
            cut.client(std::string_view(whole).substr(0, at));
            cut.client(std::string_view(whole).substr(at));
            EXPECT_EQ(cut.to_server(), whole) << at;
            EXPECT_EQ(cut.told, std::vector<std::string>{"passed: it is larger than 65536 bytes"});
        }
    }

    frame_line slow(settings);
    slow.add({{"delay", 10}});
    slow.client(std::string_view(large).substr(0, 100'000));
    slow.pass(9ms);
    slow.client(std::string_view(large).substr(100'000));
    EXPECT_EQ(slow.to_server(), "");
    slow.pass(1ms);
    EXPECT_EQ(slow.to_server(), large);
}

TEST(frame_follower, what_is_no_frame_passes_and_says_so)
{
    frame_line line({{"frame", "length"}, {"largest", 100}});
    line.add({{"delay", 1000}}, {{"size", "5"}});
    line.server("\0\0"s);
    line.client("\0\0\0\1a"s);
    EXPECT_EQ(line.to_server(), "");
    line.client("GET / HTTP/1.1");
    EXPECT_EQ(line.to_server(), "\0\0\0\1aGET / HTTP/1.1"s);
    EXPECT_EQ(line.to_client(), "\0\0"s);
    EXPECT_EQ(line.gave_up, "what the client sends has no such frames");
}

TEST(frame_follower, half_a_frame_waits_for_the_rest_as_long_as_it_comes)
{
    auto settings = of_lines;
    settings.emplace_back("wait", 20);
    frame_line line(settings);
    line.add({{"fault", "drop"}}, {{"bytes", "^b"}});
    line.client("a\r\nb");
    line.pass(19ms);
    line.client("b");
    line.pass(19ms);
    EXPECT_EQ(line.to_server(), "a\r\n");
    line.pass(1ms);
    EXPECT_EQ(line.to_server(), "bb");
    line.client("b\r\nb\r\nc\r\n");
    EXPECT_EQ(line.to_server(), "b\r\nc\r\n");
    EXPECT_EQ(line.hits.size(), 1U);
}

TEST(frame_follower, an_end_in_the_middle_of_a_frame_loses_nothing)
{
    frame_line line(of_lines);
    line.add({{"fault", "drop"}}, {{"bytes", "never"}});
    line.client("half");
    EXPECT_EQ(line.to_server(), "");
    line.client_ends();
    EXPECT_EQ(line.to_server(), "half");
    EXPECT_EQ(line.ended[0], ending::half_close);
    line.server("half");
    line.server_ends(ending::reset);
    EXPECT_EQ(line.to_client(), "half");
    EXPECT_EQ(line.ended[1], ending::reset);
}

TEST(frame_follower, bytes_of_a_frame_that_passes_need_not_be_seen)
{
    frame_line line({{"frame", "fixed"}, {"bytes", 1000}});
    line.client(std::string(10, 'x'));
    EXPECT_EQ(line.unseen(stream::upstream, std::string(2000, 'x')), 990U);
    EXPECT_EQ(line.unseen(stream::upstream, "y"), 0U);
    line.add({{"fault", "drop"}}, {{"frame", "2"}});
    line.client(std::string(1500, 'y'));
    line.client(std::string(1500, 'z'));
    EXPECT_EQ(line.to_server(),
              std::string(1000, 'x') + std::string(1000, 'y') + std::string(1000, 'z'));
}

TEST(frame_fault, is_refused_what_makes_no_sense)
{
    auto const refused = [](attribute_list const& attributes) {
        attribute_values values(builtin_toxics().find("frame")->attributes);
        for (auto const& [name, value] : attributes)
            if (auto const set = values.set(name, value); !set)
                return set.error().text;
        auto const fits = builtin_toxics().find("frame")->check(values);
        return fits ? std::string() : fits.error().text;
    };
    std::string const begin = "bad request body: attribute ";
    EXPECT_EQ(refused({}), begin + "'fault' must be set, or 'delay'");
    EXPECT_EQ(refused({{"fault", "delay"}}),
              begin + "'delay' must be at least 1 ms for the fault delay");
    EXPECT_EQ(refused({{"fault", "replace"}, {"hex", "0x"}}),
              begin + "'hex' must be pairs of hexadecimal digits");
    EXPECT_EQ(refused({{"fault", "replace"}, {"hex", "00"}, {"text", "x"}}),
              begin + "'hex' must be empty beside 'text'");
    EXPECT_EQ(refused({{"fault", "replace"}, {"text", std::string(65'537, 'x')}}),
              begin + "'text' must be at most 65536 bytes, as 'hex'");
    EXPECT_EQ(refused({{"fault", "disconnect"}, {"cut", "none"}}),
              begin + "'cut' must be rst or fin for the fault disconnect");
    EXPECT_EQ(refused({{"fault", "drop"}}), "");

    attribute_values match(frame::protocol.match);
    EXPECT_EQ(match.set("frame", "1-").error().text,
              begin + "'frame' must be made of whole numbers and ranges such as 0,3,7-9, not '1-'");
    EXPECT_FALSE(match.set("size", "5-4"));
    EXPECT_FALSE(match.set("bytes", "("));
}

}  // namespace
}  // namespace aconite::test
