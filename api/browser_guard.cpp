#include "api/browser_guard.hpp"

#include <string_view>

namespace aconite::api {
namespace {

/// `host:port` of an origin; empty for the opaque origin `null`.
std::string_view host_of(std::string_view origin)
{
    auto const scheme = origin.find("://");
    return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

std::string_view value_of(request const& r, std::string_view name)
{
    auto const text = r[{name.data(), name.size()}];
    return {text.data(), text.size()};
}

}  // namespace

bool comes_from_a_page(request const& r)
{
    if (value_of(r, "User-Agent").starts_with("Mozilla/"))
        return true;
    auto const site = value_of(r, "Sec-Fetch-Site");
    if (!site.empty() && site != "same-origin" && site != "none")
        return true;
    auto const origin = r.find("Origin");
    if (origin == r.end())
        return false;
    return host_of(value_of(r, "Origin")) != value_of(r, "Host") || value_of(r, "Host").empty();
}

}  // namespace aconite::api
