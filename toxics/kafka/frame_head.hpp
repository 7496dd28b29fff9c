#pragma once

#include "toxics/kafka/number.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aconite::kafka {

/// What every frame begins with: the number of bytes that follow.
inline constexpr std::size_t length_bytes = 4;
/// And every request: length, kind, version and correlation id.
inline constexpr std::size_t request_head_bytes = length_bytes + 8;
/// Brokers take 100 MB, if they are not told otherwise.
inline constexpr std::uint32_t frame_size_max = 1U << 30;

/// Kinds of requests that are more to the conversation than names.
namespace api_key {
inline constexpr std::int16_t produce = 0;
inline constexpr std::int16_t fetch = 1;
inline constexpr std::int16_t metadata = 3;
inline constexpr std::int16_t sasl_handshake = 17;
}  // namespace api_key

/// The number of so many bytes that stands there.
inline std::uint64_t number_at_offset(std::string_view bytes, std::size_t at, std::size_t count)
{
    incoming_number made;
    made.expect(count);
    bytes = bytes.substr(at, count);
    made.take(bytes);
    return made.value();
}

}  // namespace aconite::kafka
