#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace aconite {

/// All of `text` as a decimal number. None for anything that would have to be cut, wrapped or half
/// read: blanks, a plus sign, digits with something behind them, a minus sign where `Number` has
/// none, a number that `Number` cannot hold.
template <class Number>
std::optional<Number> number_in(std::string_view text)
{
    Number number{};
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return number;
}

}  // namespace aconite
