#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aconite {

/// The direction that a toxic acts on.
enum class stream : std::uint8_t {
    upstream,    ///< client to server
    downstream,  ///< server to client
    both,        ///< the two of them, each by itself
};
inline constexpr std::size_t stream_count = 2;  ///< those of one connection

/// "upstream", "downstream" or "both".
std::string_view to_text(stream s);

}  // namespace aconite
