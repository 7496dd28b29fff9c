#include "clients/experiment/run/servers.hpp"

#include <fmt/format.h>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr int not_found = 404;
/// Once the run was told to stop: of one that has answered the last beat, and of another.
constexpr auto hasty_answer = 2s;
constexpr auto hasty_silence = 500ms;
/// How a run's claim begins: a toxic that never acts, on a proxy that the run has made.
constexpr std::string_view claim_prefix = "experiment-of-";

/// Another run that has made this proxy and removes it at its end; empty: none.
std::string owner_of(proxy_info const& there)
{
    for (auto const& each : there.toxics)
        if (each.name.starts_with(claim_prefix) && !each.aim.lease.empty())
            return each.name.substr(claim_prefix.size());
    return {};
}

/// What says so to others, for as long as the lease runs.
json claim(std::string const& run, std::string const& lease)
{
    return {{"type", "noop"},
            {"name", std::string(claim_prefix) + run},
            {"toxicity", 0},
            {"lease", lease}};
}

}  // namespace

servers::servers(surroundings& where, progress& told, std::function<void()> on_gone)
    : where_(where), told_(told), on_gone_(std::move(on_gone))
{
    where_.patience = [this](client::server_config config) { return in_haste(std::move(config)); };
}

/// Who has pressed Ctrl-C does not wait long for a server that does not answer.
client::server_config servers::in_haste(client::server_config config) const
{
    if (!where_.stopped || !where_.stopped())
        return config;
    std::chrono::milliseconds limit = hasty_answer;
    std::scoped_lock const lock(mutex_);
    for (auto const& [name, here] : known_)
        if (here.silent && where_.servers.at(name).url == config.url)
            limit = hasty_silence;
    config.connect_timeout = std::min(config.connect_timeout, limit);
    config.answer_timeout = std::min(config.answer_timeout, limit);
    return config;
}

servers::~servers()
{
    end();
}

result<void> servers::begin(json const& proxies, undo_log& undo, std::string const& run)
{
    for (auto const& [name, config] : where_.servers) {
        if (name.empty() && where_.servers.size() > 1)
            continue;  // another name for the first one
        client::server server(config);
        auto const version = server.version();
        if (!version)
            return problem{
                0, fmt::format("the server {}: {}{}", config.url, version.error().text,
                               version.error().status == 0 ? "; `aconite serve` starts one" : "")};
        auto& made = known_[name];
        made.version = *version;
        made.answered = std::chrono::steady_clock::now();
        if (auto const lease = server.open_lease(std::chrono::milliseconds(lease_ttl).count())) {
            made.lease = lease->id;
            where_.leases[name] = lease->id;
        } else if (lease.error().status != not_found) {
            return lease.error();
        } else {
            told_.tell(event::level::warning,
                       fmt::format("{} has no leases: should this be killed, `aconite restore` has "
                                   "to remove its toxics",
                                   config.url));
        }
        static_cast<void>(server.mark(fmt::format("experiment {} begins", run)));
        if (auto const page = server.journal("tail=1"))
            made.since = page->next;
    }
    for (auto const& [name, lease] : std::map(where_.leases))
        if (where_.servers.at(name).url == where_.servers.at("").url)
            where_.leases[""] = lease;
    heart_ = std::thread([this] { renew(); });
    return make_proxies(proxies, undo, run);
}

result<void> servers::make_proxies(json const& proxies, undo_log& undo, std::string const& run)
{
    for (auto proxy : proxies) {
        auto const name = proxy.value("name", "");
        auto const on = proxy.value("server", "");
        proxy.erase("server");
        auto const config = where_.servers.find(on);
        if (config == where_.servers.end())
            return problem{0, fmt::format("the proxy {}: no server is called '{}'", name, on)};
        client::server server(config->second);
        if (auto const there = server.proxy(name)) {
            if (there->upstream != proxy.value("upstream", ""))
                return problem{0, fmt::format("the proxy {} is there and leads to {}, not to {}",
                                              name, there->upstream, proxy.value("upstream", ""))};
            if (!there->enabled)
                return problem{0, fmt::format("the proxy {} is there and disabled", name)};
            if (auto const owner = owner_of(*there); !owner.empty())
                return problem{0, fmt::format("the proxy {} was made by the run {}, which goes on "
                                              "and removes it at its end: wait for that, or give "
                                              "yours another name and address",
                                              name, owner)};
            continue;
        }
        auto const number = undo.add({{"kind", "proxy_made"},
                                      {"server_url", config->second.url},
                                      {"verify_certificate", config->second.verify_certificate},
                                      {"proxy", name},
                                      {"upstream", proxy.value("upstream", "")}});
        if (!number)
            return number.error();
        if (auto const lease = where_.leases.find(on); lease != where_.leases.end())
            proxy["toxics"].push_back(claim(run, lease->second));
        if (auto const made = server.request("POST", "/proxies", proxy.dump()); !made) {
            if (made.error().status > 0)  // refused: one that is there is another's
                undo.forget(*number);
            return problem{0, fmt::format("the proxy {}: {}", name, made.error().text)};
        }
    }
    return {};
}

void servers::end()
{
    {
        std::scoped_lock const lock(mutex_);
        over_ = true;
    }
    ends_.notify_all();
    if (heart_.joinable())
        heart_.join();
    for (auto& [name, here] : known_)
        if (!here.lease.empty()) {
            static_cast<void>(where_.ask(where_.servers.at(name)).end_lease(here.lease));
            here.lease.clear();
        }
}

std::string servers::journal() const
{
    std::string all;
    for (auto const& [name, here] : known_)
        if (auto const page =
                where_.ask(where_.servers.at(name)).journal(fmt::format("since={}", here.since)))
            all += page->lines;
    return all;
}

result<proxy_traffic> servers::traffic(target const& of) const
{
    auto const config = where_.servers.find(of.server);
    if (config == where_.servers.end())
        return problem{0, fmt::format("no server is called '{}'", of.server)};
    auto const stats = where_.ask(config->second).stats(of.proxy);
    if (!stats)
        return stats.error();
    proxy_traffic found{.connections = stats->connections_total, .bypasses = stats->bypass};
    for (auto const& stream : stats->streams)
        found.bytes += stream.received_bytes;
    return found;
}

json servers::describe() const
{
    auto all = json::array();
    for (auto const& [name, here] : known_)
        all.push_back(
            {{"name", name}, {"url", where_.servers.at(name).url}, {"version", here.version}});
    return all;
}

void servers::mark(std::string const& text) const
{
    for (auto const& each : known_)
        static_cast<void>(where_.ask(where_.servers.at(each.first)).mark(text));
}

}  // namespace aconite::experiment
