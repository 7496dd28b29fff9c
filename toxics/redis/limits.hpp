#pragma once

#include <cstddef>
#include <cstdint>

namespace aconite::redis {

/// Of a line that is longer nobody wants to know more.
inline constexpr std::size_t line_bytes_max = 64 * 1024;
/// What says to be longer is not Redis'.
inline constexpr std::int64_t bulk_bytes_max = std::int64_t{1} << 40;

}  // namespace aconite::redis
