#pragma once

#include <aconite/conversation.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aconite::mongodb {

/// Where a member is that a set calls "host:port". None: that is no place in a network.
std::optional<server_place> place_in(std::string_view member);
/// As a set would call it.
std::string member_at(server_place const& place);

}  // namespace aconite::mongodb
