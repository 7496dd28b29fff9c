#include "clients/cli/verbs/config_verbs.hpp"

#include "api/daemon/config_file.hpp"
#include "clients/cli/text/format.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace aconite::cli {
namespace {

/// What is wrong with a file is no answer of a server.
problem local(problem const& fault)
{
    return {0, fault.text};
}

/// YAML has no such characters, and a terminal obeys them.
bool steers(char c)
{
    return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') || c == 0x7F;
}

}  // namespace

result<std::string> get_config(client::server const& from, bool as_yaml)
{
    auto text = from.request("GET", as_yaml ? "/config?format=yaml" : "/config?format=json");
    if (text && !as_yaml)
        return for_terminals(nlohmann::ordered_json::parse(*text).dump(2)) + "\n";
    if (text && std::ranges::any_of(*text, steers))
        return problem{0, "unexpected answer from the server: it is not YAML"};
    return text;
}

result<nlohmann::json> apply_config(client::server const& to, std::string const& file)
{
    auto const text = daemon::read_file(file);
    if (!text)
        return local(text.error());
    auto const wanted = daemon::parse_config_file(file, *text);
    if (!wanted)
        return local(wanted.error());
    auto const answer = to.request("POST", "/config", api::write_text(*wanted));
    if (!answer)
        return answer.error();
    return result<nlohmann::json>(boost::system::in_place_value, nlohmann::json::parse(*answer));
}

std::string format_changes(nlohmann::json const& done)
{
    std::string lines;
    for (auto const* what : {"created", "updated", "removed", "unchanged"}) {
        auto const names = done.at(what).get<std::vector<std::string>>();
        if (!names.empty())
            lines += printable(fmt::format("{}: {}", what, fmt::join(names, ", "))) + "\n";
    }
    return lines.empty() ? "no proxies\n" : lines;
}

result<config_contents> check_config(std::string const& file)
{
    auto const text = daemon::read_file(file);
    if (!text)
        return text.error();
    auto const types = toxic_registry::builtin();
    config_contents found;
    auto const proxies = daemon::read_config(file, *text, {types}, found.ignored);
    if (!proxies)
        return proxies.error();
    found.proxies = proxies->size();
    for (auto const& proxy : *proxies)
        found.toxics += proxy.toxics.size();
    return found;
}

}  // namespace aconite::cli
