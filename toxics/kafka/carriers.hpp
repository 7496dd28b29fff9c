#pragma once

#include <cstdint>

namespace aconite::kafka {

/// A kind of response that tells addresses of brokers, from one version on.
struct carrier {
    std::int16_t api_key;
    std::int16_t first_version;
    std::uint32_t hold_bytes_max;  ///< a frame with more than that is not held for its addresses
    bool ends_with_brokers;        ///< no address comes behind the array of brokers
    /// They are endpoints, which a client can do without: it asks for metadata then.
    bool is_hint;
};

/// Null: responses of this kind and version tell none, or are newer than the tables.
carrier const* find_carrier(std::int16_t api_key, std::int16_t version);

/// Whether responses of this kind and version tell addresses of brokers. Of those that are not
/// known (`is_known`) nobody can say: false.
inline bool carries_addresses(std::int16_t api_key, std::int16_t version)
{
    return find_carrier(api_key, version) != nullptr;
}

/// Whether some version of such responses tells addresses.
bool may_carry_addresses(std::int16_t api_key);

}  // namespace aconite::kafka
