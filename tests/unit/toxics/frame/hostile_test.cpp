// Sessions that no client and no server would have.
#include "tests/support/hostile_frame.hpp"
#include "tests/support/hostile_script.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using namespace aconite::test;
using namespace std::literals;

/// Frames of one kind or another, in some order.
std::vector<std::string> const& words()
{
    static std::vector<std::string> const all = {"\1a"s,
                                                 "\2bb"s,
                                                 "\0"s,
                                                 "\5abcde"s,
                                                 "a line\r\n"s,
                                                 "\r\n"s,
                                                 "\r\r\n\n"s,
                                                 "abcde"s,
                                                 "x\4\0y"s,
                                                 "y\3\0"s,
                                                 "\0\0"s,
                                                 "abc\0\0"s,
                                                 "\0\0\3.abc"s,
                                                 "\0\x01\x00"s,
                                                 "\0\0\0."s,
                                                 "\xff\xff\xff\xff\xff"s,
                                                 std::string(200, 'x')};
    return all;
}

TEST(frame_hostile, sessions_harm_nobody)
{
    std::mt19937 random(42);
    for (int i = 0; i < 6000; ++i) {
        auto const kind = static_cast<std::uint8_t>(i);
        ASSERT_NO_THROW(play_hostile_frame(hostile_script(random, {kind}, words())))
            << "session " << i;
    }
}

TEST(frame_hostile, bytes_harm_nobody)
{
    std::mt19937 random(43);
    for (int i = 0; i < 6000; ++i) {
        auto const kind = static_cast<std::uint8_t>(i);
        ASSERT_NO_THROW(play_hostile_frame(hostile_bytes(random, {kind}))) << "script " << i;
    }
}

}  // namespace
