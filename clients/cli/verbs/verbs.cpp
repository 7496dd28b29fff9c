#include "clients/cli/verbs/verbs.hpp"

#include "clients/cli/doctor/doctor.hpp"
#include "clients/cli/help/completion_script.hpp"
#include "clients/cli/line/aim_options.hpp"
#include "clients/cli/line/asking.hpp"
#include "clients/cli/line/attributes.hpp"
#include "clients/cli/line/numbers.hpp"
#include "clients/cli/line/servers.hpp"
#include "clients/cli/replay/replay.hpp"
#include "clients/cli/verbs/conditions.hpp"
#include "clients/cli/verbs/config_verbs.hpp"
#include "clients/cli/verbs/journal.hpp"
#include "clients/cli/verbs/lease_run.hpp"
#include "clients/cli/verbs/stats.hpp"
#include "clients/cpp/codec.hpp"

#include <aconite/client.hpp>
#include <aconite/text.hpp>
#include <aconite/toxic_type.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <span>
#include <utility>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// A protocol's name, or a JSON object of its settings.
json protocol_json(std::string const& typed)
{
    if (!typed.starts_with('{'))
        return typed;
    auto read = json::parse(typed, nullptr, false);
    return read.is_object() ? read : json(typed);
}

/// One run of one verb. Steps that fail throw `failure`.
class runner {
public:
    runner(command const& asked, identity const& self, style how)
        : asked_(asked), self_(self), how_(how), where_(server_of(asked, self)), server_(where_)
    {}

    outcome run();

private:
    outcome list();
    outcome inspect();
    outcome create();
    outcome toggle();
    outcome remove();
    outcome add_toxic();
    outcome update_toxic();
    outcome remove_toxic();
    outcome reset();
    outcome lease_run();
    outcome config_get();
    outcome config_apply();
    outcome config_check();
    outcome version();

    json ask(std::string const& context, std::string_view method, std::string const& path,
             json const& body = nullptr);
    /// Fails with the usage and `text` if a value is missing.
    void require(std::string const& value, std::string const& text) const;
    void require_flag(std::string const& value, std::string const& name) const;
    /// Those given, for a toxic of that type.
    [[nodiscard]] json attributes(std::string_view type) const;
    [[nodiscard]] float toxicity() const;
    void add_seed(json& body) const;
    void aim(json& body) const;
    /// `line` for people, `object` for scripts.
    [[nodiscard]] outcome say(std::string line, json const& object) const;

    command const& asked_;
    identity const& self_;
    style how_;
    client::server_config where_;
    client::server server_;
};

json runner::ask(std::string const& context, std::string_view method, std::string const& path,
                 json const& body)
{
    return cli::ask(server_, context, method, path, body);
}

void runner::require(std::string const& value, std::string const& text) const
{
    if (value.empty())
        fail(text, asked_.usage);
}

void runner::require_flag(std::string const& value, std::string const& name) const
{
    require(value, fmt::format("Required argument '{}' was empty.", name));
}

json runner::attributes(std::string_view type) const
{
    auto const registry = toxic_registry::builtin();
    auto const* known = self_.drop_in ? nullptr : registry.find(type);
    auto const row = known == nullptr ? std::span<attribute const>() : known->attributes;
    json values;
    if (auto const read = read_attributes(asked_.attributes, self_.drop_in, row, values); !read)
        fail(read.error().text);
    return values;
}

float runner::toxicity() const
{
    if (asked_.toxicity.empty())
        return 1;
    auto const share = read_toxicity(asked_.toxicity);
    if (!share)
        fail("toxicity should be a float between 0 and 1.");
    return *share;
}

void runner::add_seed(json& body) const
{
    if (asked_.seed.empty())
        return;
    auto const seed = read_whole({}, asked_.seed);
    if (!seed)
        fail("--seed " + seed.error().text + ".");
    body["seed"] = *seed;
}

void runner::aim(json& body) const
{
    if (auto const added = append_aim(asked_, body); !added)
        fail(added.error().text);
}

outcome runner::say(std::string line, json const& object) const
{
    return {0, asked_.for_scripts() ? to_text(object) : line + "\n", ""};
}

outcome runner::list()
{
    auto const proxies = ask("Failed to retrieve proxies: ", "GET", "/proxies");
    if (asked_.for_scripts())
        return {0, to_text(proxies), ""};
    // Toxiproxy has none, nor has a server without extras.
    auto const stats =
        self_.drop_in ? result<std::string>(problem{}) : server_.request("GET", "/stats");
    return {0, format_proxies(proxies, stats ? json::parse(*stats) : json(), how_), ""};
}

outcome runner::inspect()
{
    auto const proxy = ask(fmt::format("Failed to retrieve proxy {}: ", asked_.proxy), "GET",
                           client::proxy_path(asked_.proxy));
    return {0, asked_.for_scripts() ? to_text(proxy) : format_proxy(proxy, how_), ""};
}

outcome runner::create()
{
    require_flag(asked_.listen, "listen");
    require_flag(asked_.upstream, "upstream");
    auto body = json{{"name", asked_.proxy},
                     {"listen", asked_.listen},
                     {"upstream", asked_.upstream},
                     {"enabled", !asked_.disabled}};
    add_seed(body);
    if (!asked_.label.empty())
        body["label"] = asked_.label;
    if (!asked_.protocol.empty())
        body["protocol"] = protocol_json(asked_.protocol);
    if (!asked_.broker_ports.empty() || !asked_.broker_host.empty())
        body["brokers"] = {{"ports", asked_.broker_ports}, {"host", asked_.broker_host}};
    auto const proxy = ask("Failed to create proxy: Create: ", "POST", "/proxies", body);
    return say("Created new proxy " + printable(asked_.proxy), proxy);
}

outcome runner::toggle()
{
    auto const path = client::proxy_path(asked_.proxy);
    auto const before =
        ask(fmt::format("Failed to retrieve proxy {}: ", asked_.proxy), "GET", path);
    // POST, not PATCH: servers older than 2.6 know only this.
    auto const after = ask(fmt::format("Failed to toggle proxy {}: ", asked_.proxy), "POST", path,
                           {{"enabled", !before.at("enabled").get<bool>()}});
    auto const enabled = after.at("enabled").get<bool>();
    return say(fmt::format("Proxy {} is now {}", coloured(enabled, printable(asked_.proxy), how_),
                           coloured(enabled, enabled ? "enabled" : "disabled", how_)),
               after);
}

outcome runner::remove()
{
    auto const path = client::proxy_path(asked_.proxy);
    ask(fmt::format("Failed to retrieve proxy {}: ", asked_.proxy), "GET", path);
    ask("Failed to delete proxy: Delete: ", "DELETE", path);
    return say("Deleted proxy " + printable(asked_.proxy), {{"deleted", asked_.proxy}});
}

outcome runner::add_toxic()
{
    require_flag(asked_.toxic_type, "type");
    if (asked_.to_upstream + asked_.to_downstream + asked_.to_both > 1)
        fail("Only one should be specified: upstream or downstream.");
    auto const* const stream = asked_.to_both       ? "both"
                               : asked_.to_upstream ? "upstream"
                                                    : "downstream";
    auto body = json{{"name", asked_.toxic_name},
                     {"type", asked_.toxic_type},
                     {"stream", stream},
                     {"toxicity", client::codec::shortest(toxicity())},
                     {"attributes", attributes(asked_.toxic_type)}};
    aim(body);
    add_seed(body);
    if (!asked_.lease.empty())
        body["lease"] = asked_.lease;

    auto const path = client::proxy_path(asked_.proxy);
    ask(fmt::format("Failed to add toxic: failed to retrieve proxy with name `{}`: ", asked_.proxy),
        "GET", path);
    auto const toxic = ask(fmt::format("Failed to add toxic: failed to add toxic to proxy {}: "
                                       "AddToxic: ",
                                       asked_.proxy),
                           "POST", path + "/toxics", body);
    return say(fmt::format("Added {} {} toxic '{}' on proxy '{}'", text_of(toxic, "stream"),
                           text_of(toxic, "type"), text_of(toxic, "name"), printable(asked_.proxy)),
               toxic);
}

outcome runner::update_toxic()
{
    require_flag(asked_.toxic_name, "toxicName");
    auto const share = toxicity();
    auto body = json{{"attributes", attributes({})}};
    if (self_.drop_in || !asked_.toxicity.empty())  // the reference always sends it
        body["toxicity"] = client::codec::shortest(share);
    aim(body);

    auto const proxy =
        ask(fmt::format("Failed to update toxic: failed to retrieve proxy with name `{}`: ",
                        asked_.proxy),
            "GET", client::proxy_path(asked_.proxy));
    for (auto const& known : proxy.at("toxics"))  // whose type tells what its attributes are
        if (known.at("name").get<std::string>() == asked_.toxic_name)
            body["attributes"] = attributes(known.at("type").get<std::string>());
    auto const toxic =
        ask(fmt::format("Failed to update toxic: failed to update toxic '{}' of proxy '{}': ",
                        asked_.toxic_name, asked_.proxy),
            "PATCH", client::toxic_path(asked_.proxy, asked_.toxic_name), body);
    return say(fmt::format("Updated toxic '{}' on proxy '{}'", text_of(toxic, "name"),
                           printable(asked_.proxy)),
               toxic);
}

outcome runner::remove_toxic()
{
    require_flag(asked_.toxic_name, "toxicName");
    ask(fmt::format("Failed to remove toxic: failed to retrieve proxy with name `{}`: ",
                    asked_.proxy),
        "GET", client::proxy_path(asked_.proxy));
    ask(fmt::format("Failed to remove toxic: failed to remove toxic '{}' from proxy '{}': ",
                    asked_.toxic_name, asked_.proxy),
        "DELETE", client::toxic_path(asked_.proxy, asked_.toxic_name));
    return say(fmt::format("Removed toxic '{}' on proxy '{}'", printable(asked_.toxic_name),
                           printable(asked_.proxy)),
               {{"removed", asked_.toxic_name}, {"proxy", asked_.proxy}});
}

outcome runner::reset()
{
    ask("Failed to reset: ", "POST", "/reset");
    return say("Enabled every proxy and removed all toxics", {{"reset", true}});
}

outcome runner::lease_run()
{
    if (asked_.program.empty())
        fail("A command to run is missing.", asked_.usage);
    auto const ttl = read_time_ms({1, time_ms_max}, asked_.lease_ttl);
    if (!ttl)
        fail("--ttl " + ttl.error().text + ".");
    auto const end = run_under_lease(where_, *ttl, asked_.program);
    if (!end)
        fail("Failed to open a lease: " + reason(end.error()));
    auto const complaint = end->complaint.empty() ? "" : self_.program + ": " + end->complaint;
    if (!end->has_run)
        fail(complaint, {}, end->status);
    return {end->status, "", complaint.empty() ? "" : printable(complaint) + "\n"};
}

outcome runner::config_get()
{
    if (asked_.yaml && asked_.for_scripts())
        fail("Only one should be specified: --yaml or -o json.", {}, 2);
    auto text = get_config(server_, asked_.yaml);
    if (!text)
        fail("Failed to get the configuration: " + reason(text.error()));
    return {0, *std::move(text), ""};
}

outcome runner::config_apply()
{
    require(asked_.file, "A file is missing.");
    auto const done = apply_config(server_, asked_.file);
    if (!done)
        fail("Failed to apply the configuration: " + reason(done.error()));
    return {0, asked_.for_scripts() ? to_text(*done) : format_changes(*done), ""};
}

outcome runner::config_check()
{
    require(asked_.file, "A file is missing.");
    auto const found = check_config(asked_.file);
    if (!found)
        fail(found.error().text);
    outcome end;
    for (auto const& name : found->ignored)
        end.err +=
            printable(fmt::format("{}: {} is not known and ignored", asked_.file, name)) + "\n";
    end.out = asked_.for_scripts()
                  ? to_text({{"file", asked_.file},
                             {"proxies", found->proxies},
                             {"toxics", found->toxics},
                             {"ignored", found->ignored}})
                  : fmt::format("{}: {} proxies, {} toxics\n", printable(asked_.file),
                                found->proxies, found->toxics);
    return end;
}

outcome runner::version()
{
    auto const answer = server_.version();
    if (!answer)
        fail("Failed to retrieve the server's version: " + answer.error().text);
    return say(fmt::format("{}\nserver at {}: {}", self_.version_line, printable(asked_.host),
                           printable(*answer)),
               {{"client", self_.drop_in ? compatible_version : own_version}, {"server", *answer}});
}

outcome runner::run()
{
    switch (asked_.what) {
    case verb::list:
        return list();
    case verb::reset:
        return reset();
    case verb::lease_run:
        return lease_run();
    case verb::config_get:
        return config_get();
    case verb::config_apply:
        return config_apply();
    case verb::config_check:
        return config_check();
    case verb::version:
        return version();
    case verb::journal:
        return show_journal(asked_, self_);
    case verb::mark:
        return leave_mark(asked_, self_);
    case verb::stats:
        return show_stats(asked_, self_, how_);
    case verb::wait:
        return wait_for(asked_, self_);
    case verb::insist:
        return insist_on(asked_, self_);
    case verb::health:
        return check_health(asked_, self_);
    case verb::replay:
        return replay_journal(asked_, self_);
    case verb::completion:
        return asked_.for_scripts()
                   ? say({}, {{"shell", asked_.shell}, {"script", completion_script(asked_.shell)}})
                   : outcome{0, completion_script(asked_.shell), ""};
    case verb::doctor:
        return run_doctor(asked_, self_, how_);
    case verb::add_toxic:
    case verb::update_toxic:
    case verb::remove_toxic:
        require(asked_.proxy, "Proxy name is missing.");
        break;
    default:
        require(asked_.proxy, "Proxy name is required as the first argument.");
    }
    switch (asked_.what) {
    case verb::inspect:
        return inspect();
    case verb::create:
        return create();
    case verb::toggle:
        return toggle();
    case verb::remove:
        return remove();
    case verb::add_toxic:
        return add_toxic();
    case verb::update_toxic:
        return update_toxic();
    default:
        return remove_toxic();
    }
}

}  // namespace

outcome run(command const& asked, identity const& self, style how)
{
    try {
        return runner(asked, self, how).run();
    } catch (failure const& why) {
        return failed(why, asked.for_scripts());
    } catch (json::exception const& error) {
        auto const text = "unexpected answer from the server: " + client::codec::reason(error);
        return failed({1, text, {}}, asked.for_scripts());
    }
}

outcome run_line(identity const& self, std::vector<std::string> const& arguments, style how)
{
    auto read = parse(self, arguments);
    if (auto* end = std::get_if<outcome>(&read))
        return std::move(*end);
    auto const& asked = std::get<command>(read);
    auto const run_one = [&self, how](command const& one) { return run(one, self, how); };
    try {
        return asked.servers.size() > 1 ? run_on_each(asked, run_one) : run_one(asked);
    } catch (std::exception const& error) {  // such as no thread for each of so many servers
        return failed({1, self.program + ": " + error.what(), {}}, asked.for_scripts());
    }
}

int run_command_line(identity const& self, std::vector<std::string> const& arguments)
{
    auto end = run_line(self, arguments, style_of_stdout(!self.drop_in));
    auto const written = std::fwrite(end.out.data(), 1, end.out.size(), stdout);
    if ((written < end.out.size() || std::fflush(stdout) != 0) && end.status == 0)
        end = {1, "", fmt::format("{}: cannot write: {}\n", self.program, std::strerror(errno))};
    std::fputs(end.err.c_str(), stderr);
    return end.status;
}

}  // namespace aconite::cli
