#include "toxics/redis/host_port.hpp"

#include "proxy/net/number.hpp"

namespace aconite::redis {

host_port_text host_port_text::of(std::string_view text)
{
    host_port_text made;
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return made;
    made.port = number_in<std::int64_t>(text.substr(colon + 1)).value_or(-1);
    made.host = text.substr(0, colon);
    made.brackets = made.host.size() >= 2 && made.host.front() == '[' && made.host.back() == ']';
    if (made.brackets)
        made.host = made.host.substr(1, made.host.size() - 2);
    return made;
}

std::string host_port_text::written(server_place const& place) const
{
    bool const is_enclosed = brackets && place.host.find(':') != std::string::npos;
    std::string text = is_enclosed ? "[" : "";
    return text.append(place.host)
        .append(is_enclosed ? "]:" : ":")
        .append(std::to_string(place.port));
}

}  // namespace aconite::redis
