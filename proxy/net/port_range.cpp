#include "proxy/net/port_range.hpp"

#include "proxy/net/number.hpp"

#include <string>

namespace aconite {

result<port_range> port_range::parse(std::string_view text)
{
    if (text.empty())
        return port_range{};
    auto const dash = text.find('-');
    auto const first = number_in<std::uint16_t>(text.substr(0, dash));
    auto const last = dash == text.npos ? first : number_in<std::uint16_t>(text.substr(dash + 1));
    if (!first || !last || *first == 0 || *last < *first)
        return problem{400, "'brokers.ports' must be ports from 1 to 65535 such as 19093-19192, "
                            "the first not above the last, not '" +
                                std::string(text.substr(0, 60)) + "'"};
    return port_range{*first, *last};
}

}  // namespace aconite
