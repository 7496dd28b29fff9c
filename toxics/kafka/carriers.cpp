#include "toxics/kafka/carriers.hpp"
#include "toxics/kafka/layout.hpp"

#include <algorithm>
#include <iterator>

namespace aconite::kafka {
namespace {

constexpr std::uint32_t mebibyte = 1 << 20;
/// Answers with records are large, and their endpoints stand at the end.
constexpr std::uint32_t with_records = 1 << 16;

/// Addresses also stand in DescribeQuorum, but of listeners that no client connects to.
constexpr carrier carriers[] = {
    {.api_key = 0, .first_version = 10, .hold_bytes_max = mebibyte, .is_hint = true},  // Produce
    {.api_key = 1, .first_version = 16, .hold_bytes_max = with_records, .is_hint = true},  // Fetch
    {.api_key = 3, .hold_bytes_max = mebibyte, .ends_with_brokers = true},   // Metadata
    {.api_key = 10, .hold_bytes_max = mebibyte},                             // FindCoordinator
    {.api_key = 60, .hold_bytes_max = mebibyte, .ends_with_brokers = true},  // DescribeCluster
    {.api_key = 78, .hold_bytes_max = with_records, .is_hint = true},        // ShareFetch
    {.api_key = 79, .hold_bytes_max = mebibyte, .is_hint = true},            // ShareAcknowledge
};

}  // namespace

carrier const* find_carrier(std::int16_t api_key, std::int16_t version)
{
    for (auto const& each : carriers)
        if (each.api_key == api_key && version >= each.first_version && is_known(api_key, version))
            return &each;
    return nullptr;
}

bool may_carry_addresses(std::int16_t api_key)
{
    return std::ranges::find(carriers, api_key, &carrier::api_key) != std::end(carriers);
}

}  // namespace aconite::kafka
