#pragma once

#include "tests/support/frame_line.hpp"
#include "tests/support/hostile_session.hpp"

#include <cstdint>
#include <span>

namespace aconite::test {

/// A session of frames, by its first byte of one kind or another, with some of all kinds of faults.
inline void play_hostile_frame(std::span<std::uint8_t const> script)
{
    static hostile_session::choice const choices[] = {
        {{{"fault", "drop"}, {"rate", 0.2}}, {{"size", "1-4"}}},
        {{{"fault", "duplicate"}, {"copies", 16}, {"rate", 0.3}}},
        {{{"fault", "replace"}, {"text", "abcdef"}}, {{"bytes", "^[a-f]"}}},
        {{{"fault", "truncate"}, {"size", 3}, {"delay", 60}}, {{"frame", "3-9"}}},
        {{{"fault", "reorder"}, {"behind", 2}, {"rate", 0.5}}},
        {{{"fault", "lose_reply"}, {"reply", "same"}, {"cut", "none"}, {"rate", 0.5}}},
        {{{"delay", 70}}, {{"hex", "^0"}}},
        {{{"fault", "disconnect"}, {"apply", "after"}, {"rate", 0.1}}},
    };
    static attribute_list const framings[] = {
        of_short_frames,
        of_lines,
        {{"frame", "fixed"}, {"bytes", 5}},
        {{"frame", "length"}, {"bytes", 2}, {"offset", 1}, {"order", "little"}, {"includes", 3}},
        {{"frame", "delimiter"}, {"hex", "0000"}, {"largest", 300}, {"skip_downstream", 7}},
        {{"frame", "length"}, {"bytes", 3}, {"includes", -1}, {"largest", 100'000}},
    };
    if (script.empty())
        return;
    auto const& framing = framings[script.front() % std::size(framings)];
    hostile_session(frame::protocol, choices, script.subspan(1), 0, framed(framing)).play();
}

}  // namespace aconite::test
