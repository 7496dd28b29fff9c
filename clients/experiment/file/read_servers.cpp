#include "api/json/codec.hpp"
#include "clients/cpp/url.hpp"
#include "clients/experiment/file/reading.hpp"

#include <aconite/engine.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace aconite::experiment {
namespace {

/// The rows' fields that are there, as REST has them.
json rest_of(std::span<field const> rows, settings const& how)
{
    auto made = json::object();
    for (auto const& row : rows)
        if (auto const* value = how.any(row.name))
            made[std::string(row.name)] = *value;
    return made;
}

json read_further(node const& written, std::string_view what, faults& found)
{
    auto made = json::array();
    if (!written.is_list())
        found.add(written.at, fmt::format("{}: also must be a list", what));
    for (auto const& each : written.items)
        if (each.is_mapping())
            made.push_back(
                rest_of(further_fields(), decode_all(further_fields(), each, {},
                                                     fmt::format("{}, also", what), found)));
        else
            found.add(each.at, fmt::format("{}: also must have mappings in it", what));
    return made;
}

json read_brokers(node const& written, std::string_view what, faults& found)
{
    constexpr std::array<std::string_view, 1> beside = {"also"};
    if (!written.is_mapping()) {
        found.add(written.at, fmt::format("{} must be a mapping", what));
        return nullptr;
    }
    auto made =
        rest_of(brokers_fields(), decode_all(brokers_fields(), written, beside, what, found));
    if (auto const* also = written.find("also"))
        made["also"] = read_further(*also, what, found);
    return made;
}

/// Where the member of a proxy stands that is told of: the first that the text names.
place place_in(node const& proxy, std::string_view text)
{
    node const* named = &proxy;
    auto first = text.npos;
    for (auto const& member : proxy.members)
        if (auto const here = text.find(member.key); here < first) {
            first = here;
            named = &member.value;
        }
    return named == &proxy || !named->is_mapping() ? named->at : place_in(*named, text);
}

/// What an aconite server would say to it.
void check_proxy(json proxy, node const& written, std::string_view what, faults& found)
{
    proxy.erase("server");
    auto const types = toxic_registry::builtin();
    api::ignored_members ignored;
    auto config = api::decode_proxy(proxy, {types}, ignored);
    auto const taken = config ? check(types, {*config}) : result<void>(config.error());
    if (!taken)
        found.add(place_in(written, taken.error().text),
                  fmt::format("{}: {}", what, taken.error().text));
    for (auto const& pointer : ignored)
        found.add(place_in(written, pointer), fmt::format("{} has no {}", what, pointer));
}

/// `files` has for each proxy the one that it stands in.
void read_proxy(node const& written, std::vector<int>& files, reading& to)
{
    constexpr std::array<std::string_view, 1> beside = {"brokers"};
    if (!written.is_mapping()) {
        to.found.add(written.at, "a proxy must be a mapping");
        return;
    }
    auto const* name = written.find("name");
    auto const what = name != nullptr && name->is_scalar() ? fmt::format("the proxy {}", name->text)
                                                           : std::string("a proxy");
    auto const before = to.found.count();
    auto const how = decode_all(proxy_fields(), written, beside, what, to.found);
    json brokers;
    if (auto const* part = written.find("brokers"))
        brokers = read_brokers(*part, what + "'s brokers", to.found);
    if (how.has("server"))
        to.uses.push_back({named_use::as::server, how.at("server"), how.text("server")});
    auto const is_same = [&](json const& each) {
        return each.value("name", "") == how.text("name") &&
               each.value("server", "") == how.text("server");
    };
    if (auto const same = std::ranges::find_if(to.into.proxies, is_same);
        same != to.into.proxies.end()) {
        auto const number = static_cast<std::size_t>(same - to.into.proxies.begin());
        if (files[number] == written.at.file)  // else the first file wins
            to.found.add(written.at, fmt::format("a second proxy is called {}", how.text("name")));
        return;
    }
    files.push_back(written.at.file);
    if (to.found.count() != before)
        return;
    auto made = rest_of(proxy_fields(), how);
    if (!brokers.is_null())
        made["brokers"] = std::move(brokers);
    check_proxy(made, written, what, to.found);
    to.into.proxies.push_back(std::move(made));
}

}  // namespace

void read_servers(node const& section, reading& to)
{
    if (!section.is_mapping()) {
        to.found.add(section.at, "servers must be a mapping of names to URLs");
        return;
    }
    for (auto const& each : section.members) {
        if (!each.value.is_scalar()) {
            to.found.add(each.value.at, fmt::format("the server {} must be a URL", each.key));
            continue;
        }
        if (auto const url = client::parse_url(each.value.text); !url)
            to.found.add(each.value.at,
                         fmt::format("the server {}: {}", each.key, url.error().text));
        to.into.servers.emplace_back(each.key, each.value.text);
    }
}

void read_proxies(node const& section, reading& to)
{
    if (!section.is_list()) {
        to.found.add(section.at, "proxies must be a list");
        return;
    }
    std::vector<int> files;
    for (auto const& each : section.items)
        read_proxy(each, files, to);
}

}  // namespace aconite::experiment
