#pragma once

#include <aconite/toxic.hpp>

#include <cstdint>
#include <string_view>

namespace aconite::toxics {

/// What becomes of the connection behind an error, or in the place of an answer.
enum class outcome : std::uint8_t { goes_on, reset, close, stall };

/// In the order of `outcome`.
inline constexpr std::string_view outcome_names[] = {"", "reset", "close", "stall"};

/// How the connection ends, if it does.
constexpr ending ending_of(outcome then)
{
    return then == outcome::close ? ending::close : ending::reset;
}

constexpr outcome outcome_of(ending how)
{
    return how == ending::close ? outcome::close : outcome::reset;
}

}  // namespace aconite::toxics
