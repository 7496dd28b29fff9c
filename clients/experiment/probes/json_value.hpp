#pragma once

#include "clients/experiment/values/value.hpp"

#include <aconite/problem.hpp>

#include <nlohmann/json.hpp>

#include <string_view>

namespace aconite::experiment {

/// A JSON value as what a probe saw: true is 1 and null is "", a list is its members as ids, an
/// object is its text.
value from_json(nlohmann::ordered_json const& from);

/// What a JSON pointer (RFC 6901, "" is all of it) finds in a text. A problem if the text is no
/// JSON or has nothing there.
result<value> value_at(std::string_view text, std::string_view pointer);

/// A problem for what is no JSON pointer.
result<void> check_pointer(std::string_view pointer);

}  // namespace aconite::experiment
