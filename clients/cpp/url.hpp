#pragma once

#include <aconite/problem.hpp>

#include <string>
#include <string_view>

namespace aconite::client {

/// Where a server is.
struct url {
    std::string host;         ///< a name or an address, IPv6 without brackets
    std::string port = "80";  ///< decimal; 443 for https
    std::string prefix;       ///< path before the API's own ones, no slash at the end

    bool secure = false;  ///< https

    friend bool operator==(url const&, url const&) = default;
};

/// Reads `http://host:port`, `https://host:port`, `host:port` or `host`; an IPv6 address in
/// brackets. A problem that names the text if it is no such thing.
result<url> parse_url(std::string_view text);

/// `host:port`, IPv6 in brackets: what goes into the Host header.
std::string authority(url const& where);

/// `http://host:port` or `https://host:port` for people.
std::string to_text(url const& where);

/// `text` as one segment of a path: everything but letters, digits and `-._~` is escaped.
std::string percent_encoded(std::string_view text);

}  // namespace aconite::client
