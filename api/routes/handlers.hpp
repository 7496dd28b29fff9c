#pragma once

#include "api/http/router.hpp"
#include "api/options.hpp"

#include <aconite/engine.hpp>

#include <vector>

namespace aconite::api {

/// How a path answers whose proxy is unknown.
inline constexpr auto no_proxy = fault(404, "There is no such proxy.");

/// The endpoints of one kind. The handlers refer to `e`, which must outlive them; they may
/// be called from any thread.
std::vector<route> proxy_routes(engine& e, api_options options);
std::vector<route> toxic_routes(engine& e);
std::vector<route> lease_routes(engine& e);
std::vector<route> journal_routes(engine& e);
std::vector<route> condition_routes(engine& e);
std::vector<route> config_routes(engine& e, api_options options);
std::vector<route> toxic_type_routes(engine& e);
/// The web page at `/`.
std::vector<route> page_routes();
std::vector<route> admin_routes(engine& e, api_options options);

/// All of them.
std::vector<route> all_routes(engine& e, api_options options);

}  // namespace aconite::api
