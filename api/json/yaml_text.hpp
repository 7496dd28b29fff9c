#pragma once

#include "api/json/json_text.hpp"

#include <aconite/problem.hpp>

#include <string>
#include <string_view>

namespace aconite::api {

/// Reads the one document of a YAML text into what the same JSON would be. Plain scalars are
/// numbers, booleans and null where JSON would have them (true, True, TRUE and the like), else
/// text; quoted ones are text. Aliases are put in place, up to 32 levels and 16 MB in all. 400
/// `line:column: reason`, `EOF` if there is no document or nothing in it.
result<json> parse_yaml(std::string_view text);

/// `value` as a YAML document that reads back as the same, all texts quoted.
std::string write_yaml(json const& value);

}  // namespace aconite::api
