#include "clients/experiment/actions/toxics.hpp"

#include "clients/experiment/actions/netem.hpp"
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"

#include <aconite/text.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace aconite::experiment {
namespace {

std::string counted(std::uint64_t number, std::string_view one)
{
    return std::to_string(number) + " " + std::string(one) + (number == 1 ? "" : "s");
}

/// The names of a proxy's toxics, whatever else the server says of them.
result<std::set<std::string>> toxic_names(aimed_proxy const& at)
{
    auto const answer = at.ask().request("GET", client::proxy_path(at.proxy) + "/toxics");
    if (!answer)
        return problem{answer.error().status,
                       "proxy '" + printable(at.proxy) + "': " + printable(answer.error().text)};
    std::set<std::string> names;
    auto const list = json::parse(*answer, nullptr, false);
    if (!list.is_array())
        return problem{0, "unexpected answer from the server of proxy '" + printable(at.proxy) +
                              "': its toxics are no list"};
    for (auto const& each : list)
        names.insert(record_text(each, "name"));
    return names;
}

class toxics_action final : public action {
public:
    toxics_action(std::vector<planned_toxic> toxics, std::uint64_t seed)
        : toxics_(std::move(toxics)), seed_(seed)
    {}

    result<void> find() override
    {
        for (auto const& each : toxics_)
            if (auto const there = toxic_names(each.at); !there)
                return there.error();
        return {};
    }

    result<std::vector<json>> undo_plan() override
    {
        std::vector<json> plan;
        std::set<std::pair<std::string, std::string>> ours;  // proxy and toxic
        for (auto& each : toxics_) {
            auto const there = toxic_names(each.at);
            if (!there)
                return there.error();
            auto name = record_text(each.body, "name");
            if (name.empty())
                name = free_name(each, *there, ours);
            else if (there->contains(name))
                return problem{409, "proxy '" + printable(each.at.proxy) + "' has a toxic '" +
                                        printable(name) + "' already"};
            ours.emplace(each.at.proxy, name);
            each.body["name"] = name;
            aim(each);
            plan.push_back(undo_of(each, name));
        }
        return plan;
    }

    result<void> start() override
    {
        for (auto const& each : toxics_) {
            auto const path = client::proxy_path(each.at.proxy) + "/toxics";
            auto const body = each.body.dump(-1, ' ', false, json::error_handler_t::replace);
            auto const added = each.at.ask().request("POST", path, body);
            if (!added)
                return problem{added.error().status, "toxic " +
                                                         printable(record_text(each.body, "type")) +
                                                         " on proxy '" + printable(each.at.proxy) +
                                                         "': " + printable(added.error().text)};
        }
        return {};
    }

    result<evidence> look() override
    {
        std::uint64_t hits = 0;
        std::uint64_t connections = 0;
        std::uint64_t bytes = 0;
        std::string ended_early;
        for (auto const& each : toxics_) {
            auto const stats = each.at.ask().stats(each.at.proxy);
            if (!stats && stats.error().status == 404 && each.at.lease.empty())
                return evidence{{}, "in force; this server counts no hits"};
            if (!stats)
                return problem{stats.error().status, "proxy '" + printable(each.at.proxy) +
                                                         "': " + printable(stats.error().text)};
            auto const name = record_text(each.body, "name");
            auto const* const found = newest(*stats, name);
            if ((found == nullptr || found->removed) && !ends_by_itself(each))
                ended_early = "toxic '" + printable(name) + "' of proxy '" +
                              printable(each.at.proxy) + "' was removed before its time";
            if (found == nullptr)
                continue;
            hits += found->hits;
            connections = std::max(connections, found->connections);
            bytes += found->bytes;
        }
        auto text = counted(hits, "hit") + " on " + counted(connections, "connection");
        if (bytes > 0)
            text += ", " + counted(bytes, "byte");
        return evidence{hits, std::move(text), std::move(ended_early)};
    }

private:
    using taken_names = std::set<std::pair<std::string, std::string>>;

    /// The server removes it when its file says so.
    [[nodiscard]] static bool ends_by_itself(planned_toxic const& toxic)
    {
        return toxic.body.contains("ttl") || toxic.body.contains("schedule");
    }

    /// One that the proxy does not have yet.
    [[nodiscard]] static std::string free_name(planned_toxic const& toxic,
                                               std::set<std::string> const& there,
                                               taken_names const& ours)
    {
        auto const base = "experiment-" + record_text(toxic.body, "type");
        if (toxic.at.lease.empty())
            return base + "-" + unique_mark();
        for (int number = 1;; ++number) {
            auto name = base + "-" + std::to_string(number);
            if (!there.contains(name) && !ours.contains({toxic.at.proxy, name}))
                return name;
        }
    }

    /// What only aconite knows: who else has leases?
    void aim(planned_toxic& toxic) const
    {
        if (toxic.at.lease.empty())
            return;
        toxic.body["lease"] = toxic.at.lease;
        if (!toxic.body.contains("seed"))  // the API's seeds are not negative
            toxic.body["seed"] = seed_ & std::numeric_limits<std::int64_t>::max();
    }

    [[nodiscard]] static json undo_of(planned_toxic const& toxic, std::string const& name)
    {
        json record{{"kind", "toxic"},
                    {"server_url", toxic.at.server.url},
                    {"proxy", toxic.at.proxy},
                    {"name", name}};
        if (!toxic.at.server.verify_certificate)
            record["verify_certificate"] = false;
        if (!toxic.at.lease.empty())
            record["lease"] = toxic.at.lease;
        return record;
    }

    /// Those that are there come first, then those that were removed, from old to new.
    [[nodiscard]] static toxic_stats const* newest(proxy_stats const& stats,
                                                   std::string const& name)
    {
        toxic_stats const* found = nullptr;
        for (auto const& each : stats.toxics)
            if (each.name == name && (found == nullptr || found->removed))
                found = &each;
        return found;
    }

    std::vector<planned_toxic> toxics_;
    std::uint64_t seed_;
};

result<void> remove_recorded_toxic(json const& record, surroundings const& where)
{
    auto const proxy = record_text(record, "proxy");
    auto const name = record_text(record, "name");
    if (proxy.empty() || name.empty())
        return problem{400, "an undo record of a toxic lacks 'proxy' or 'name'"};
    auto const server = server_of_record(record, where);
    auto const path = client::toxic_path(proxy, name);
    auto const told = [&](problem const& why) {
        return problem{why.status, "toxic '" + printable(name) + "' of proxy '" + printable(proxy) +
                                       "': " + printable(why.text)};
    };
    if (auto const lease = record_text(record, "lease"); !lease.empty()) {
        // One of that name that has another lease is not the one that was added.
        auto const there = server.request("GET", path);
        if (!there && there.error().status == 404)
            return {};
        if (!there)
            return told(there.error());
        if (record_text(json::parse(*there, nullptr, false), "lease") != lease)
            return {};
    }
    auto const removed = server.request("DELETE", path);
    if (!removed && removed.error().status != 404)
        return told(removed.error());
    return {};
}

}  // namespace

result<aimed_proxy> aimed_proxy_of(target const& aimed, surroundings const& where)
{
    if (aimed.proxy.empty())
        return problem{400, "target '" + printable(aimed.name) + "' has no proxy in front of it"};
    auto const server = where.servers.find(aimed.server);
    if (server == where.servers.end())
        return problem{400, "target '" + printable(aimed.name) + "': there is no server '" +
                                printable(aimed.server) + "'"};
    auto const lease = where.leases.find(aimed.server);
    return aimed_proxy{aimed.proxy, server->second, &where,
                       lease != where.leases.end() ? lease->second : std::string()};
}

client::server server_of_record(json const& record, surroundings const& where)
{
    auto const url = record_text(record, "server_url");
    for (auto const& [name, config] : where.servers)
        if (config.url == url)
            return where.ask(config);
    client::server_config config;
    config.url = url;
    config.user_agent = "aconite-experiment";
    if (record.contains("verify_certificate"))
        config.verify_certificate = record_flag(record, "verify_certificate");
    return client::server(std::move(config));
}

result<std::vector<json>> toxic_bodies(std::string_view kind, settings const& how)
{
    if (kind == "netem" && how.text("via", "proxy") == "proxy") {
        auto const in_bits = netem_in_bits(how);
        return in_bits ? netem_toxics(*in_bits) : in_bits.error();
    }
    std::vector<json> bodies;
    if (kind == "partition")
        bodies.push_back(partition_body());
    if (kind == "toxic" || kind == "preset") {
        auto body = kind == "toxic" ? toxic_body_of(how) : preset_body_of(how);
        if (!body)
            return body.error();
        bodies.push_back(*std::move(body));
    }
    return bodies;
}

std::unique_ptr<action> make_toxics(std::vector<planned_toxic> toxics, std::uint64_t seed)
{
    return std::make_unique<toxics_action>(std::move(toxics), seed);
}

constinit undo_kind const undo_toxic{"toxic", remove_recorded_toxic};

}  // namespace aconite::experiment
