#include "clients/cli/replay/replay.hpp"

#include "clients/cli/line/asking.hpp"
#include "clients/cli/replay/replay_plan.hpp"
#include "clients/cli/text/format.hpp"
#include "clients/cpp/codec.hpp"

#include <aconite/client.hpp>
#include <aconite/text.hpp>

#include <fmt/format.h>

#include <fstream>
#include <set>
#include <string>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// Where and why a journal cannot be read.
[[noreturn]] void refuse(std::string const& file, std::size_t line, std::string const& why)
{
    fail(fmt::format("Failed to read the journal: {}, line {}: {}", file, line, why));
}

/// A last line that is no JSON was cut, as by a full disk or a copy of a file that grows: it is
/// told in `warning`. Any other line has to be a record; empty ones are left out.
replay_plan read_journal(std::string const& file, std::string& warning)
{
    std::ifstream in(file);
    if (!in)
        fail("Failed to open the journal: " + file);
    recorded_toxics recorded;
    std::size_t number = 0;
    std::size_t broken = 0;
    bool any = false;
    try {
        for (std::string line; std::getline(in, line);) {
            ++number;
            if (line.find_first_not_of(" \t\r") == line.npos)
                continue;
            if (broken > 0)
                refuse(file, broken, "it is not JSON");
            auto const record = json::parse(line, nullptr, /*allow_exceptions=*/false);
            if (record.is_discarded())
                broken = number;
            else
                recorded.read(record);
            any = any || broken == 0;
        }
        if (in.bad())
            fail("Failed to read the journal: " + file);
        if (broken > 0 && !any)
            refuse(file, broken, "it is not JSON");
        if (broken > 0)
            warning = fmt::format("{}, line {}: it is cut and left out", file, broken);
        return plan_replay(recorded);
    } catch (json::exception const& error) {
        refuse(file, number, client::codec::reason(error));
    }
}

/// Makes the proxies of a plan new, or doubts that they are.
class preparation {
public:
    preparation(client::server const& server, bool recreate) : server_(server), recreate_(recreate)
    {}

    /// Once for each proxy; fails if it is not there.
    void prepare(std::string const& name, std::vector<std::string>& doubts)
    {
        if (!done_.insert(name).second)
            return;
        auto const path = client::proxy_path(name);
        auto const context = fmt::format("Failed to prepare proxy {}: ", name);
        if (recreate_) {
            auto proxy = ask(server_, context, "GET", path);
            proxy.erase("toxics");
            ask(server_, context, "DELETE", path);
            ask(server_, context, "POST", "/proxies", proxy);
            return;
        }
        auto const stats = ask(server_, context, "GET", path + "/stats");
        if (auto const count = stats.at("connections").at("total").get<std::uint64_t>(); count > 0)
            doubts.push_back(fmt::format(
                "proxy '{}' is not new, its next connection has the ordinal {}: see --recreate",
                name, count));
    }

private:
    client::server const& server_;
    bool recreate_;
    std::set<std::string> done_;
};

/// As the server tells it.
json add(client::server const& server, replayed_toxic const& toxic)
{
    auto const name = toxic.config.at("name").get<std::string>();
    auto const context = fmt::format("Failed to add toxic '{}' to proxy {}: ", name, toxic.proxy);
    auto const path = client::proxy_path(toxic.proxy) + "/toxics";
    for (std::size_t i = 0; i < toxic.nth; ++i) {
        ask(server, context, "POST", path, {{"name", name}, {"type", "noop"}});
        ask(server, context, "DELETE", client::toxic_path(toxic.proxy, name));
    }
    return ask(server, context, "POST", path, toxic.config);
}

}  // namespace

outcome replay_journal(command const& asked, identity const& self)
{
    if (asked.file.empty())
        fail("A file is required as the first argument.", asked.usage);
    outcome end;
    std::string warning;
    auto const plan = read_journal(asked.file, warning);
    if (!warning.empty())
        end.err = "warning: " + printable(warning) + "\n";
    client::server const server(server_of(asked, self));
    preparation proxies(server, asked.recreate);
    auto told = json{{"set", json::array()}};
    for (auto const& toxic : plan.toxics) {
        auto doubts = toxic.doubts;
        try {
            proxies.prepare(toxic.proxy, doubts);
            auto const made = add(server, toxic);
            told["set"].push_back({{"proxy", toxic.proxy}, {"toxic", made}});
            end.out += printable(fmt::format("Set toxic '{}' on proxy '{}': {}",
                                             made.at("name").get<std::string>(), toxic.proxy,
                                             to_text(client::codec::to_toxic(made)))) +
                       "\n";
        } catch (failure const& why) {
            end.status = 1;
            end.err += printable(why.text) + "\n";
            told["failed"].push_back({{"proxy", toxic.proxy}, {"error", why.text}});
            continue;
        }
        for (auto const& doubt : doubts)
            end.err += printable(fmt::format("warning: toxic '{}' of proxy '{}': {}",
                                             toxic.config.at("name").get<std::string>(),
                                             toxic.proxy, doubt)) +
                       "\n";
    }
    for (auto const& what : plan.left_out)
        end.err += "not replayed: " + printable(what) + "\n";
    if (asked.for_scripts())
        end.out = to_text(told);
    else if (plan.toxics.empty())
        end.out = "No toxic is to be set.\n";
    return end;
}

}  // namespace aconite::cli
