#include "api/http/browser_guard.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <string>
#include <string_view>

namespace aconite::api {
namespace {

/// `host:port` of an origin; empty for the opaque origin `null`.
std::string_view host_of(std::string_view origin)
{
    auto const scheme = origin.find("://");
    return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

bool ends_with_name(std::string_view host, std::string_view suffix)
{
    return host.size() > suffix.size() &&
           boost::beast::iequals(host.substr(host.size() - suffix.size()), suffix);
}

/// False if `host`, with or without a port, can be the name of a site on the internet.
bool is_nobodys_site(std::string_view host)
{
    boost::system::error_code no_address;
    if (host.starts_with('[')) {
        auto const end = host.find(']');
        if (end == std::string_view::npos)
            return false;
        boost::asio::ip::make_address_v6(std::string(host.substr(1, end - 1)), no_address);
        return !no_address;
    }
    host = host.substr(0, host.find(':'));
    if (host.empty())
        return false;
    boost::asio::ip::make_address_v4(std::string(host), no_address);
    return !no_address || host.find('.') == std::string_view::npos ||
           ends_with_name(host, ".localhost") || ends_with_name(host, ".internal");
}

}  // namespace

bool comes_from_a_page(request const& r)
{
    bool const own_page = r["Aconite-Page"] == "1";
    bool const browser = r["User-Agent"].starts_with("Mozilla/");
    std::string_view const site = r["Sec-Fetch-Site"];
    bool const has_origin = r.find("Origin") != r.end();
    if (browser && !own_page)
        return true;
    if (!site.empty() && site != "same-origin" && site != "none")
        return true;
    std::string_view const host = r["Host"];
    if (has_origin && host_of(r["Origin"]) != host)
        return true;
    return (browser || own_page || has_origin || !site.empty()) && !is_nobodys_site(host);
}

}  // namespace aconite::api
