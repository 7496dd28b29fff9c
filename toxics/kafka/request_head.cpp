#include "toxics/kafka/request_head.hpp"
#include "toxics/kafka/number.hpp"

#include <algorithm>

namespace aconite::kafka {
namespace {

/// In front of the client's id: kind, version, correlation id, and the id's length.
constexpr std::uint32_t fixed_size = 2 + 2 + 4 + 2;

/// The next `size` bytes, taken off the front of `bytes`.
std::int64_t take(std::string_view& bytes, std::size_t size)
{
    auto mine = bytes.substr(0, size);
    bytes.remove_prefix(size);
    incoming_number number;
    number.expect(size);
    number.take(mine);
    return number.signed_value();
}

}  // namespace

head_state read_head(std::string_view bytes, std::uint32_t frame_size, request_head& head)
{
    if (frame_size < fixed_size)
        return head_state::malformed;
    if (bytes.size() < fixed_size)
        return head_state::more;
    auto const api_key = static_cast<std::int16_t>(take(bytes, 2));
    auto const version = static_cast<std::int16_t>(take(bytes, 2));
    auto const correlation_id = static_cast<std::int32_t>(take(bytes, 4));
    auto const length = take(bytes, 2);
    if (api_key < 0 || version < 0 || length < -1 ||
        length > std::int64_t{frame_size} - std::int64_t{fixed_size})
        return head_state::malformed;
    auto const kept = std::min(static_cast<std::size_t>(std::max<std::int64_t>(length, 0)),
                               request_head::client_id_bytes_max);
    if (bytes.size() < kept)
        return head_state::more;
    head = {api_key, version, correlation_id, std::string(bytes.substr(0, kept))};
    return head_state::whole;
}

}  // namespace aconite::kafka
