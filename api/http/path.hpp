#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::api {

/// `part` with its `%xx` resolved. None if one is broken.
std::optional<std::string> unescaped(std::string_view part);

/// The path of a request target, still escaped: no query, no scheme and host before it.
std::string_view path_of(std::string_view target);

/// `path` without empty and dot segments. A slash at the end stays.
std::string cleaned(std::string_view path);

/// The segments of `path` behind its first slash, each decoded, so that `%2F` is part of one.
/// None if an escape is broken.
std::optional<std::vector<std::string>> segments_of(std::string_view path);

}  // namespace aconite::api
