#pragma once

#include <aconite/conversation.hpp>

#include <cstddef>

namespace aconite::frame {

/// How many things are known of a frame: its number on its stream, its size, its first bytes in
/// hexadecimal digits and as they are.
inline constexpr std::size_t fact_count = 4;
/// So many of its first bytes are matched as they are.
inline constexpr std::size_t bytes_matched = 4096;
/// And so many in hexadecimal digits.
inline constexpr std::size_t hex_matched = 64;

/// The protocol `frame`: any that has frames, as its settings say.
extern constinit protocol_type const protocol;

}  // namespace aconite::frame
