#include "clients/cli/verbs/config_verbs.hpp"

#include "api/daemon/config_file.hpp"
#include "clients/cli/line/asking.hpp"
#include "clients/cli/text/format.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
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

/// What runs on the server, as the text of a config file. This and the next: 404 from a server that
/// is no aconite.
result<std::string> text_of(client::server const& from, bool as_yaml)
{
    auto text = from.request("GET", as_yaml ? "/config?format=yaml" : "/config?format=json");
    if (text && !as_yaml)
        return for_terminals(nlohmann::ordered_json::parse(*text).dump(2)) + "\n";
    if (text && std::ranges::any_of(*text, steers))
        return problem{0, "unexpected answer from the server: it is not YAML"};
    return text;
}

/// Makes the file's proxies all that the server has; what it did, as POST /config answers. The file
/// is read here, variables included: a problem of status 0 tells what is wrong with it.
result<nlohmann::json> put(client::server const& to, std::string const& file)
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

/// One line for each kind of change in the answer of POST /config.
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

/// What a file has.
struct config_contents {
    std::size_t proxies = 0;
    std::size_t toxics = 0;
    std::vector<std::string> ignored;  ///< pointers to members that are not known
};

/// Reads and checks the file as a server would that starts with it.
result<config_contents> contents_of(std::string const& file)
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

}  // namespace

outcome show_config(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    if (asked.yaml && asked.for_scripts())
        fail("Only one should be specified: --yaml or -o json.", {}, 2);
    auto text = text_of(server, asked.yaml);
    if (!text)
        fail("Failed to get the configuration: " + reason(text.error()));
    return {0, *std::move(text), ""};
}

outcome apply_config(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    require(asked, asked.file, "A file is missing.");
    auto const done = put(server, asked.file);
    if (!done)
        fail("Failed to apply the configuration: " + reason(done.error()));
    return {0, asked.for_scripts() ? to_text(*done) : format_changes(*done), ""};
}

outcome check_config(command const& asked)
{
    require(asked, asked.file, "A file is missing.");
    auto const found = contents_of(asked.file);
    if (!found)
        fail(found.error().text);
    outcome end;
    for (auto const& name : found->ignored)
        end.err +=
            printable(fmt::format("{}: {} is not known and ignored", asked.file, name)) + "\n";
    end.out = asked.for_scripts()
                  ? to_text({{"file", asked.file},
                             {"proxies", found->proxies},
                             {"toxics", found->toxics},
                             {"ignored", found->ignored}})
                  : fmt::format("{}: {} proxies, {} toxics\n", printable(asked.file),
                                found->proxies, found->toxics);
    return end;
}

}  // namespace aconite::cli
