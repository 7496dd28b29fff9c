#include "clients/cli/verbs/config_verbs.hpp"

#include "api/daemon/config_file.hpp"

#include <fmt/format.h>

#include <vector>

namespace aconite::cli {
namespace {

/// What is wrong with a file is no answer of a server.
problem local(problem const& fault)
{
    return {0, fault.text};
}

}  // namespace

result<std::string> get_config(client::server const& from, bool as_yaml)
{
    auto text = from.request("GET", as_yaml ? "/config?format=yaml" : "/config?format=json");
    if (text && !as_yaml)
        return nlohmann::ordered_json::parse(*text).dump(2) + "\n";
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
            lines += fmt::format("{}: {}\n", what, fmt::join(names, ", "));
    }
    return lines.empty() ? "no proxies\n" : lines;
}

result<std::string> check_config(std::string const& file, std::string& ignored)
{
    auto const text = daemon::read_file(file);
    if (!text)
        return text.error();
    auto const types = toxic_registry::builtin();
    api::ignored_members unknown;
    auto const proxies = daemon::read_config(file, *text, {types}, unknown);
    if (!proxies)
        return proxies.error();
    for (auto const& name : unknown)
        ignored += fmt::format("{}: {} is not known and ignored\n", file, name);
    std::size_t toxics = 0;
    for (auto const& proxy : *proxies)
        toxics += proxy.toxics.size();
    return fmt::format("{}: {} proxies, {} toxics\n", file, proxies->size(), toxics);
}

}  // namespace aconite::cli
