#pragma once

#include <string_view>

namespace aconite::api {

/// The Toxiproxy release that we behave as. Clients choose their requests by it.
inline constexpr std::string_view toxiproxy_version = "2.12.0";

}  // namespace aconite::api
