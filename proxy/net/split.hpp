#pragma once

#include <algorithm>
#include <string_view>

namespace aconite {

/// Takes what stands before the next `separator` off the front of `rest`, and the separator.
inline std::string_view take_part(std::string_view& rest, char separator)
{
    auto const part = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return part;
}

/// The same up to the next comma, without the spaces around it.
inline std::string_view take_item(std::string_view& rest)
{
    auto const item = take_part(rest, ',');
    auto const from = std::min(item.find_first_not_of(' '), item.size());
    return item.substr(from, item.find_last_not_of(' ') + 1 - from);
}

}  // namespace aconite
