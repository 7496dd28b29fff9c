#pragma once

#include <aconite/conversation.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace aconite::redis {

/// Knows where a client is to be told that a server is, so that its next connection comes through
/// the proxy too.
class address_book {
public:
    /// A server says that another, or it itself, is there. An empty host, or `?`, is that of the
    /// server which says so. None: the client is told what the server said, be it that `port` is
    /// none.
    virtual std::optional<server_place> inside(std::string_view host, std::int64_t port) = 0;

protected:
    ~address_book() = default;
};

}  // namespace aconite::redis
