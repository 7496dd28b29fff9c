#pragma once

#include <algorithm>
#include <string_view>

namespace aconite {

/// Takes what stands before the next comma off the front of `rest`, and the comma; without the
/// spaces around it.
inline std::string_view take_item(std::string_view& rest)
{
    auto const comma = std::min(rest.find(','), rest.size());
    auto const item = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    auto const from = std::min(item.find_first_not_of(' '), item.size());
    return item.substr(from, item.find_last_not_of(' ') + 1 - from);
}

}  // namespace aconite
