#pragma once

#include "api/http/router.hpp"
#include "api/json/json_text.hpp"
#include "api/options.hpp"

#include <aconite/engine.hpp>
#include <aconite/toxic_type.hpp>

#include <vector>

namespace aconite::api {

/// The OpenAPI 3.1 document of these routes.
json openapi_document(std::vector<route> const& routes, toxic_registry const& types,
                      api_options options);

/// The route that serves it, of `others` and itself. Refers to `e`.
route openapi_route(std::vector<route> others, engine& e, api_options options);

}  // namespace aconite::api
