#pragma once

#include <string>

namespace aconite::cli {

/// Every built-in toxic and attribute with its unit, a line each, from the toxics' own rows.
std::string toxic_help();

}  // namespace aconite::cli
