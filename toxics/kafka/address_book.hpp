#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::kafka {

/// Where a broker listens.
struct broker_address {
    std::string host;
    std::uint16_t port = 0;
};

/// Knows which address a client is to be told in place of a broker's own, so that its next
/// connection comes through a proxy too.
class address_book {
public:
    /// `node_id` is -1 where it is no broker's. `port` is what the broker says, whatever that is.
    /// None: there is no address for it, and the client is told the broker's own. The text is valid
    /// during the call.
    virtual std::optional<broker_address> inside(std::int32_t node_id, std::string_view host,
                                                 std::int32_t port) = 0;

protected:
    ~address_book() = default;
};

}  // namespace aconite::kafka
