#include "toxics/kafka/layout.hpp"

namespace aconite::kafka {
namespace {

/// Its answers never have a flexible header, so that a client can read them whatever it knows.
constexpr std::int16_t api_versions = 18;

}  // namespace

std::optional<frame_layout> layout_of(direction way, std::int16_t api_key, std::int16_t version)
{
    auto const* const body = find_message(api_key, way);
    if (body == nullptr || version < 0 || version > body->newest)
        return std::nullopt;
    std::int16_t const flexible = body->flexible.contains(version) ? 1 : 0;
    if (way == direction::request)
        return frame_layout{&request_header(), static_cast<std::int16_t>(1 + flexible), body,
                            version};
    std::int16_t const header_version = api_key == api_versions ? std::int16_t{0} : flexible;
    return frame_layout{&response_header(), header_version, body, version};
}

bool is_known(std::int16_t api_key, std::int16_t version)
{
    auto const* const found = find_api(api_key);
    return found != nullptr && version >= 0 && version <= found->newest;
}

}  // namespace aconite::kafka
