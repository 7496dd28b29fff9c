#pragma once

#include <aconite/conversation.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace aconite::redis {

/// A host and a port in one text, as servers write them: `127.0.0.1:6379`, `::1:6379`,
/// `[::1]:6379`.
struct host_port_text {
    std::string_view host;   ///< without brackets; may be empty
    std::int64_t port = -1;  ///< -1: it is not such a text
    bool brackets = false;   ///< an IPv6 host stands in them

    /// Reads one.
    static host_port_text of(std::string_view text);
    /// Another place, written in the same way.
    [[nodiscard]] std::string written(server_place const& place) const;
};

}  // namespace aconite::redis
