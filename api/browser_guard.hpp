#pragma once

#include "api/http.hpp"

namespace aconite::api {

/// True for what a web page makes a browser send: a `Mozilla/` user agent, as the reference
/// has it, or headers that tell of another origin. Scripts send none of these.
bool comes_from_a_page(request const& r);

}  // namespace aconite::api
