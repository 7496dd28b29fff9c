#include "clients/cpp/url.hpp"

#include "proxy/net/number.hpp"

#include <algorithm>
#include <cstdint>

namespace aconite::client {
namespace {

constexpr std::string_view scheme = "http://";
constexpr std::string_view secure_scheme = "https://";

bool is_port(std::string_view text)
{
    return number_in<std::uint16_t>(text).value_or(0) > 0;
}

problem not_a_url(std::string_view text, std::string_view why)
{
    return {0, "'" + std::string(text) + "' is no server address: " + std::string(why)};
}

}  // namespace

result<url> parse_url(std::string_view text)
{
    auto rest = text;
    url where;
    if (rest.starts_with(secure_scheme)) {
        rest.remove_prefix(secure_scheme.size());
        where.secure = true;
        where.port = "443";
    } else if (rest.starts_with(scheme)) {
        rest.remove_prefix(scheme.size());
    } else if (rest.find("://") != std::string_view::npos) {
        return not_a_url(text, "only http:// and https:// are spoken");
    }
    auto const slash = std::min(rest.find('/'), rest.size());
    where.prefix = rest.substr(slash);
    while (where.prefix.ends_with('/'))
        where.prefix.pop_back();
    rest = rest.substr(0, slash);

    auto port = std::string_view::npos;  // where the colon before it is
    if (rest.starts_with('[')) {
        auto const bracket = rest.find(']');
        if (bracket == std::string_view::npos)
            return not_a_url(text, "the bracket is not closed");
        where.host = rest.substr(1, bracket - 1);
        if (bracket + 1 < rest.size()) {
            if (rest[bracket + 1] != ':')
                return not_a_url(text, "expected :port behind the bracket");
            port = bracket + 1;
        }
    } else {
        port = rest.find(':');
        where.host = rest.substr(0, port);
    }
    if (port != std::string_view::npos)
        where.port = rest.substr(port + 1);

    if (where.host.empty())
        return not_a_url(text, "the host is missing");
    if (std::ranges::any_of(where.host + where.prefix,
                            [](unsigned char c) { return c <= ' ' || c == 0x7f; }))
        return not_a_url(text, "it has a space in it");
    if (!is_port(where.port))
        return not_a_url(text, "the port is not a number from 1 to 65535");
    return where;
}

std::string authority(url const& where)
{
    auto const is_ipv6 = where.host.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + where.host + "]" : where.host) + ":" + where.port;
}

std::string to_text(url const& where)
{
    return std::string(where.secure ? secure_scheme : scheme) + authority(where) + where.prefix;
}

std::string percent_encoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (unsigned char const c : text) {
        auto const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            out += static_cast<char>(c);
        else
            (((out += '%') += digits[c >> 4]) += digits[c & 15]);
    }
    // "." and ".." as whole segments would be taken for directions, not names.
    if (text == "." || text == "..")
        out = text == "." ? "%2E" : "%2E%2E";
    return out;
}

}  // namespace aconite::client
