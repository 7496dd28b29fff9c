#pragma once

#include <algorithm>
#include <string_view>

namespace aconite {

/// The small letter, of those of ASCII, whatever the locale says.
constexpr char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether both are the same but for the case of ASCII's letters.
inline bool same_name(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

}  // namespace aconite
