#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace aconite::cli {

/// A record of the journal as a line for people, in columns that line up from line to line unless
/// names are long. Throws nlohmann::json::exception if it is none.
std::string record_line(nlohmann::json const& record);

}  // namespace aconite::cli
