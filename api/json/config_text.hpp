#pragma once

#include "api/json/json_text.hpp"

#include <aconite/problem.hpp>

#include <string>
#include <string_view>

namespace aconite::api {

/// A configuration is an array of proxies in JSON or in YAML. A file is YAML if its name ends in
/// `.yaml` or `.yml`, in any case.
bool is_yaml_file(std::string_view path);
/// application/yaml, application/x-yaml and text/yaml, whatever the parameters.
bool is_yaml_type(std::string_view media_type);

/// 400 `line:column: reason` if it cannot be read.
result<json> parse_config(std::string_view text, bool is_yaml);

}  // namespace aconite::api
