#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aconite::kafka {

/// What each request begins with.
struct request_head {
    std::int16_t api_key = 0;
    std::int16_t version = 0;
    std::int32_t correlation_id = 0;
    std::string client_id;  ///< empty also without one; cut off behind `client_id_bytes_max`

    static constexpr std::size_t client_id_bytes_max = 256;
    /// So many bytes of a request suffice to read it.
    static constexpr std::size_t bytes_max = 2 + 2 + 4 + 2 + client_id_bytes_max;
};

enum class head_state : std::uint8_t {
    more,  ///< more bytes are needed
    whole,
    malformed,  ///< no request begins like that
};

/// Reads the head of a request of `frame_size` bytes behind the four of its length, of which
/// `bytes` are the first. `head` is changed only if it is whole.
head_state read_head(std::string_view bytes, std::uint32_t frame_size, request_head& head);

}  // namespace aconite::kafka
