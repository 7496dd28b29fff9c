#include "clients/cli/help/completion_values.hpp"

#include "clients/cli/doctor/reach.hpp"
#include "clients/cli/line/command_line.hpp"
#include "proxy/net/split.hpp"

#include <aconite/aim.hpp>
#include <aconite/client.hpp>
#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::cli {
namespace {

using namespace std::chrono_literals;

/// Who presses a key does not wait longer.
constexpr auto patience = 300ms;

std::string text_or(std::map<std::string, std::string> const& of, char const* name,
                    std::string const& otherwise)
{
    auto const at = of.find(name);
    return at == of.end() ? otherwise : at->second;
}

std::string server_url(typed_values const& typed)
{
    auto const* const variable = std::getenv("TOXIPROXY_URL");
    auto const host =
        text_or(typed.options, "host", variable == nullptr ? command().host : variable);
    auto const servers = text_or(typed.options, "server", host);
    return servers.substr(0, servers.find(','));
}

/// None if the server does not answer at once.
std::vector<proxy_info> proxies(typed_values const& typed)
{
    client::server_config config{.url = server_url(typed)};
    config.connect_timeout = config.answer_timeout = patience;
    auto const where = client::parse_url(config.url);
    // The look-up has a limit only here.
    if (!where || !try_to_reach({*where}, patience).front().empty())
        return {};
    auto told = client::server(config).proxies();
    return told ? *std::move(told) : std::vector<proxy_info>();
}

void add_proxies(typed_values const& typed, candidates& to)
{
    for (auto const& proxy : proxies(typed))
        to.all.push_back({proxy.name, proxy.listen + " to " + proxy.upstream});
}

/// The toxics of the proxy that was named, or of all.
void add_toxics(typed_values const& typed, candidates& to)
{
    auto const wanted = text_or(typed.options, "proxy", typed.first);
    for (auto const& proxy : proxies(typed))
        if (wanted.empty() || proxy.name == wanted)
            for (auto const& toxic : proxy.toxics)
                to.all.push_back({toxic.name, toxic.type + " of " + proxy.name});
}

/// `key=value,key=value`: the last key, or the last value where it is one of a few.
void add_pairs(std::span<attribute const> rows, std::string const& current, candidates& to)
{
    auto const comma = current.rfind(',');
    auto const before = comma == current.npos ? std::string() : current.substr(0, comma + 1);
    auto const pair = current.substr(before.size());
    auto const equals = pair.find('=');
    for (auto const& row : rows) {
        std::string const name(row.name);
        if (equals == pair.npos) {
            auto const end = row.kind == attribute_kind::numbers ? "." : "=";
            to.all.push_back({before + name + end, std::string(row.summary)});
        } else if (pair.substr(0, equals) == name) {
            for (auto const value : row.names)
                to.all.push_back({before + name + "=" + std::string(value), ""});
            if (row.kind == attribute_kind::flag)
                for (auto const* value : {"true", "false"})
                    to.all.push_back({before + name + "=" + value, ""});
        }
    }
}

void add_attributes(typed_values const& typed, std::string const& current, candidates& to)
{
    auto const registry = toxic_registry::builtin();
    auto const wanted = text_or(typed.options, "type", "");
    for (auto const* type : registry.all())
        if (wanted.empty() || type->name == wanted)
            add_pairs(type->attributes, current, to);
    // Several types have the same attribute.
    std::ranges::stable_sort(to.all, {}, &candidate::text);
    auto const same = [](candidate const& a, candidate const& b) { return a.text == b.text; };
    to.all.erase(std::unique(to.all.begin(), to.all.end(), same), to.all.end());
}

/// What the option itself says, as `{json}` in the name of its type.
void add_members(CLI::Option const& option, candidates& to)
{
    auto const type = option.get_type_name();
    auto const begin = type.find('{');
    auto const end = type.find('}');
    if (begin == type.npos || end == type.npos)
        return;
    std::string_view rest(type.data() + begin + 1, end - begin - 1);
    while (!rest.empty())
        to.all.push_back({std::string(take_part(rest, ',')), ""});
}

}  // namespace

candidates values_of(CLI::Option const& option, typed_values const& typed,
                     std::string const& current)
{
    candidates found;
    auto const& name = option.get_single_name();
    if (name == "proxy" || name == "proxies" || name == "conditions") {
        add_proxies(typed, found);
    } else if (name == "toxicName" || name == "toxic") {
        add_toxics(typed, found);
    } else if (name == "type") {
        auto const registry = toxic_registry::builtin();
        for (auto const* type : registry.all())
            found.all.push_back({std::string(type->name), std::string(type->summary)});
    } else if (name == "attribute") {
        add_attributes(typed, current, found);
    } else if (name == "match") {
        add_pairs(toxic_registry::builtin().match_attributes(), current, found);
    } else if (name == "trigger") {
        add_pairs(trigger_row(), current, found);
    } else if (name == "file") {
        found.files = true;
    } else {
        add_members(option, found);
    }
    return found;
}

}  // namespace aconite::cli
