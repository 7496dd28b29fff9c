#pragma once

#include <string>
#include <string_view>

namespace aconite::cli {

/// The manual page aconite(1), for man: from the command line's own description, the server's flags
/// and the toxics' rows.
std::string manual_page();

/// The verb, not shown, by which a build gets it.
inline constexpr std::string_view manual_verb = "__manual";

}  // namespace aconite::cli
