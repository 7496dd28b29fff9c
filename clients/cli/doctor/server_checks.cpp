#include "clients/cli/doctor/server_checks.hpp"

#include "clients/cli/doctor/reach.hpp"
#include "clients/cli/doctor/rings.hpp"
#include "clients/cli/line/asking.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace aconite::cli {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto patience = 2s;
/// So many upstreams are tried, at once.
constexpr std::size_t upstreams_max = 256;

bool is_here(client::url const& where)
{
    return where.host == "localhost" || where.host.starts_with("127.") || where.host == "::1";
}

std::string host_name()
{
    char name[256] = "this machine";
    ::gethostname(name, sizeof name - 1);
    return name;
}

/// Where a proxy listens: no host means all addresses, "localhost" needs no name server.
result<client::url> listen_place(std::string const& listen)
{
    auto place = client::parse_url(listen.starts_with(':') ? "[::]" + listen : listen);
    if (place && place->host == "localhost")
        place->host = "127.0.0.1";
    return place;
}

bool has_accept_toxic(json const& proxy)
{
    return std::ranges::any_of(proxy.at("toxics"), [](json const& toxic) {
        return toxic.at("type").get<std::string>() == "accept";
    });
}

finding check_port(json const& proxy)
{
    auto const name = proxy.at("name").get<std::string>();
    auto const listen = proxy.at("listen").get<std::string>();
    auto const check = "port of " + name;
    bool const enabled = proxy.at("enabled").get<bool>();
    if (!enabled && listen.ends_with(":0"))
        return {check, grade::ok, listen + ", disabled, takes any free port"};
    auto const place = listen_place(listen);
    // A proxy that refuses clients keeps its port without listening: any socket is in the way.
    auto const state = place ? try_to_bind(*place, !enabled) : port_state::unknown;
    auto const found = fmt::format("{}, {}", listen, enabled ? "enabled" : "disabled");
    if (state == port_state::unknown)
        return {check, grade::ok, found + ", cannot be looked at from here"};
    if (enabled && state == port_state::bindable)
        return {check, grade::warning, found + ", but nobody has it here",
                "the server may be in a container: is the port published?"};
    if (!enabled && state == port_state::in_use)
        return {check, grade::warning, found + ", and taken by another program",
                "end that, or the proxy cannot be enabled"};
    if (enabled && has_accept_toxic(proxy))
        return {check, grade::ok, found + ", with an accept toxic that may refuse clients"};
    return {check, grade::ok, found + (enabled ? ", taken" : ", free")};
}

findings check_upstreams(json const& proxies, bool server_is_here)
{
    findings all;
    std::vector<client::url> places;
    std::vector<finding*> of_place;
    all.reserve(proxies.size());
    for (auto const& proxy : proxies) {
        auto const upstream = proxy.at("upstream").get<std::string>();
        auto& one = all.emplace_back(
            finding{fmt::format("upstream of {}", proxy.at("name").get<std::string>()), grade::ok,
                    upstream});
        auto const place = client::parse_url(upstream);
        if (!place) {
            one = {one.check, grade::problem, place.error().text, "correct the proxy's upstream"};
        } else if (places.size() == upstreams_max) {
            one.found +=
                fmt::format(", not tried: {} at once are; name proxies to choose", upstreams_max);
        } else {
            places.push_back(*place);
            of_place.push_back(&one);
        }
    }
    auto const answers = try_to_reach(places, patience);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        auto& one = *of_place[i];
        one.found += fmt::format(", {} from {}{}", answers[i].empty() ? "reached" : "not reached",
                                 host_name(), answers[i].empty() ? "" : " (" + answers[i] + ")");
        if (answers[i].empty())
            continue;
        one.how = server_is_here ? grade::problem : grade::warning;
        one.advice = server_is_here ? "is it up, and the address right?"
                                    : "what counts is whether the server's machine reaches it";
    }
    return all;
}

/// The proxies to look at; those that were named and are not there become findings.
json chosen(json const& proxies, command const& asked, findings& missing)
{
    auto list = json::array();
    for (auto const& name : asked.words) {
        if (proxies.contains(name))
            list.push_back(proxies.at(name));
        else
            missing.push_back({"proxy " + name, grade::problem, "there is no such proxy",
                               "aconite list shows all"});
    }
    if (asked.words.empty())
        for (auto const& proxy : proxies)
            list.push_back(proxy);
    return list;
}

finding judge_version(client::server const& server, std::string const& version)
{
    auto const found = fmt::format("compatible with Toxiproxy {}", version);
    auto const ready = server.request("GET", "/ready");
    if (!ready && ready.error().status == 404)
        return {"server version", grade::warning, found + ", without extras",
                "journal, stats, wait and assert need aconite serve without -no-extras"};
    if (version != compatible_version)
        return {"server version", grade::warning, found,
                fmt::format("this program goes with {}", compatible_version)};
    return {"server version", grade::ok, found};
}

finding unreachable(client::url const& where, std::string const& why)
{
    bool const other = is_here(where) && why.empty();
    return {"server", grade::problem,
            other ? fmt::format("{} is taken by something that is no aconite", to_text(where))
                  : fmt::format("{} is not reached: {}", to_text(where), why),
            other ? "end that, or give aconite serve another -port"
                  : "start aconite serve, or say where it is: --server URL"};
}

}  // namespace

findings check_server(command const& asked, identity const& self)
{
    auto config = server_of(asked, self);
    auto const where = client::parse_url(config.url);
    if (!where)
        return {{"server", grade::problem, where.error().text, "correct --server or --host"}};
    // First with a limit on the look-up too, which an HTTP request does not have.
    if (auto const why = try_to_reach({*where}, patience).front(); !why.empty())
        return {unreachable(*where, why)};
    config.connect_timeout = config.answer_timeout = patience;
    client::server const server(config);
    auto const version = server.version();
    if (!version)
        return {unreachable(*where, is_here(*where) && !where->secure ? "" : version.error().text)};

    findings all{{"server", grade::ok, to_text(*where) + " answers"},
                 judge_version(server, *version)};
    auto const every = ask(server, "Failed to retrieve proxies: ", "GET", "/proxies");
    auto const proxies = chosen(every, asked, all);
    std::ranges::move(find_rings(every, asked.words), std::back_inserter(all));
    if (is_here(*where))
        std::ranges::transform(proxies, std::back_inserter(all), check_port);
    std::ranges::move(check_upstreams(proxies, is_here(*where)), std::back_inserter(all));
    return all;
}

}  // namespace aconite::cli
