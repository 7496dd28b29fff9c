#include "api/daemon/proxies_variable.hpp"

#include "api/json/json_text.hpp"
#include "proxy/net/address.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>

namespace aconite::daemon {
namespace {

std::string_view trimmed(std::string_view text)
{
    static constexpr std::string_view blanks = " \t\r";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// For people, on one line.
std::string quoted(std::string_view text)
{
    return api::json(text.substr(0, 60))
        .dump(-1, ' ', /*ensure_ascii=*/true, api::json::error_handler_t::replace);
}

bool is_plain(char c)
{
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
}

bool fits_name(char c)
{
    return is_plain(c) && std::string_view(";\"'`").find(c) == std::string_view::npos;
}

bool fits_address(char c)
{
    return fits_name(c) &&
           std::string_view("=<>(){}|\\!#$&*?/@^~+").find(c) == std::string_view::npos;
}

/// One entry, and where it stands.
struct entry {
    std::string_view text;
    std::size_t ordinal;

    [[nodiscard]] problem refused(std::string const& why) const
    {
        return {400, fmt::format("entry {}{}", ordinal, why)};
    }

    /// The first character of `part` that it may not have.
    [[nodiscard]] result<void> check(std::string_view part, bool (*fits)(char)) const
    {
        auto const bad = std::ranges::find_if_not(part, fits);
        if (bad == part.end())
            return {};
        auto const character = std::string_view(&*bad, 1);
        return refused(fmt::format(", character {}: {} cannot stand in {}; entries are separated "
                                   "by commas or line ends",
                                   &*bad - text.data() + 1, quoted(character), quoted(text)));
    }

    [[nodiscard]] result<void> check_address(char const* field, std::string_view address) const
    {
        if (auto const plain = check(address, fits_address); !plain)
            return plain;
        auto const parts = split_address(address);
        return parts ? result<void>()
                     : refused(
                           fmt::format(": '{}' must be host:port: {}", field, parts.error().text));
    }
};

result<proxy_config> read_entry(entry const& each)
{
    auto const text = each.text;
    auto const equals = text.find('=');
    auto const arrow = text.find("->", equals == text.npos ? 0 : equals);
    bool const complete = equals != text.npos && arrow != text.npos;
    auto const name = complete ? trimmed(text.substr(0, equals)) : "";
    auto const listen = complete ? trimmed(text.substr(equals + 1, arrow - equals - 1)) : "";
    auto const upstream = complete ? trimmed(text.substr(arrow + 2)) : "";
    if (name.empty() || listen.empty() || upstream.empty())
        return each.refused(fmt::format(": {} must be NAME=LISTEN->UPSTREAM", quoted(text)));
    auto fits = each.check(name, fits_name);
    if (fits)
        fits = each.check_address("listen", listen);
    if (fits)
        fits = each.check_address("upstream", upstream);
    if (!fits)
        return fits.error();
    proxy_config proxy;
    proxy.name = name;
    proxy.listen = listen;
    proxy.upstream = upstream;
    return proxy;
}

}  // namespace

result<std::vector<proxy_config>> read_proxies_variable(std::string_view text)
{
    std::vector<proxy_config> proxies;
    while (!text.empty()) {
        auto const part = text.substr(0, text.find_first_of(",\n"));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        auto const one = trimmed(part);
        if (one.empty())
            continue;
        auto proxy = read_entry({one, proxies.size() + 1});
        if (!proxy)
            return proxy.error();
        proxies.push_back(*std::move(proxy));
    }
    return proxies;
}

}  // namespace aconite::daemon
