#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::redis {

/// The parts of a text that `by` stands between; at least one.
inline std::vector<std::string> parted(std::string_view text, char by)
{
    std::vector<std::string> all;
    for (std::size_t at = 0; at <= text.size();) {
        auto const end = std::min(text.find(by, at), text.size());
        all.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return all;
}

/// The way back.
inline std::string joined(std::vector<std::string> const& all, char by)
{
    std::string made;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i > 0)
            made += by;
        made.append(all[i]);
    }
    return made;
}

/// Calls `change` with each line of a text, and with the end of it.
template <class Change>
void each_line(std::string_view lines, Change change)
{
    while (!lines.empty()) {
        auto const size = std::min(lines.find('\n'), lines.size() - 1) + 1;
        auto const line = lines.substr(0, size);
        auto const end = std::min(line.find_first_of("\r\n"), size);
        change(line.substr(0, end), line.substr(end));
        lines.remove_prefix(size);
    }
}

}  // namespace aconite::redis
