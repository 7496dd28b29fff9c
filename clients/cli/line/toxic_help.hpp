#pragma once

#include <string>

namespace aconite::cli {

/// Every built-in toxic and attribute with its unit, a line each, from the toxics' own rows.
std::string toxic_help();

/// What --match and --trigger take, a line each, from their rows.
std::string aim_help();

}  // namespace aconite::cli
