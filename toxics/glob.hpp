#pragma once

#include <string>
#include <string_view>

namespace aconite::toxics {

/// The regular expression, as RE2 reads it, for a glob as Redis' KEYS reads it: `*`, `?`, `[a-c]`,
/// `[^a]`, and a backslash in front of what is to be taken as it is.
/// https://redis.io/docs/latest/commands/keys/
std::string expression_of_glob(std::string_view glob);

}  // namespace aconite::toxics
