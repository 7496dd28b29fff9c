#pragma once

#include "api/json/json_text.hpp"

#include <aconite/problem.hpp>

namespace aconite::daemon {

/// Puts environment variables in all texts of `value`, names of members left out: `${NAME}`, and
/// `${NAME:-default}` where it may be unset or empty; `$$` is a `$`, any other `$` itself. A
/// problem starts with the JSON pointer of the text and names the variable, or says that there
/// are more than 32 levels of nesting; then some texts may be expanded already.
result<void> expand_variables(api::json& value);

}  // namespace aconite::daemon
