#include "toxics/mongodb/members.hpp"

#include "proxy/net/number.hpp"

namespace aconite::mongodb {

std::optional<server_place> place_in(std::string_view member)
{
    constexpr std::size_t name_bytes_max = 255;
    auto const colon = member.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon > name_bytes_max)
        return std::nullopt;
    auto const port = number_in<std::uint16_t>(member.substr(colon + 1));
    if (!port || *port == 0)
        return std::nullopt;
    auto host = member.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    else if (host.find_first_of("/[]:") != std::string_view::npos)
        return std::nullopt;
    return server_place{std::string(host), *port};
}

std::string member_at(server_place const& place)
{
    bool const is_v6 = place.host.find(':') != std::string::npos;
    std::string made;
    if (is_v6)
        made.append("[").append(place.host).append("]");
    else
        made = place.host;
    return made.append(":").append(std::to_string(place.port));
}

}  // namespace aconite::mongodb
