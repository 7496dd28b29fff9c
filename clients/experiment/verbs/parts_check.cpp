#include "clients/experiment/verbs/parts_check.hpp"

#include "clients/experiment/run/kinds.hpp"

#include <fmt/format.h>

#include <chrono>
#include <list>

namespace aconite::experiment {
namespace {

/// Where the setting stands that a problem names; the part itself if it names none.
place place_of_problem(part_spec const& part, std::string const& text)
{
    auto const given = part.how.to_json();
    for (auto const& [name, value] : given.items())
        if (text.starts_with(name + ":") || text.starts_with(name + " ") ||
            text.find("'" + name + "'") != text.npos)
            return part.how.at(name);
    return part.at;
}

/// What there is around the parts of a run, with servers that nobody asks.
surroundings offline_surroundings(experiment_spec const& of, std::filesystem::path const& folder)
{
    surroundings where{.folder = folder.empty() ? "." : folder, .targets = of.targets};
    where.servers[""] = {};
    for (auto const& [name, url] : of.servers) {
        where.servers[name].url = url;
        if (name == of.servers.front().first)
            where.servers[""].url = url;
    }
    where.docker_socket = "/var/run/docker.sock";
    return where;
}

/// A name without an entry in `targets` is a proxy or a container.
target const& meant_target(std::string const& name, std::string_view aims_at,
                           experiment_spec const& of, std::list<target>& made)
{
    if (auto const found = of.targets.find(name); found != of.targets.end())
        return found->second;
    bool const is_proxy = aims_at.find("proxy") != aims_at.npos;
    made.push_back({.name = name,
                    .proxy = is_proxy ? name : std::string(),
                    .container = is_proxy ? std::string() : name});
    return made.back();
}

}  // namespace

void check_parts(experiment_spec const& of, std::filesystem::path const& folder, faults& found)
{
    auto const where = offline_surroundings(of, folder);
    auto const tell = [&](part_spec const& part, std::string_view what, problem const& why) {
        found.add(place_of_problem(part, why.text), fmt::format("{}: {}", what, why.text));
    };
    for (auto const& each : of.probes)
        if (auto const* kind = probe_kind_named(each.type))
            if (auto const made = kind->make(each.how, where); !made)
                tell(each, fmt::format("the probe {}", each.name), made.error());
    recorder nowhere{std::chrono::steady_clock::now()};
    for (auto const& each : of.loads)
        if (auto const* kind = load_kind_named(each.type))
            if (auto const made = kind->make(each.how, where, nowhere); !made)
                tell(each, fmt::format("the load {}", each.name), made.error());
    for (auto const& phase : of.phases)
        for (auto const& each : phase.actions) {
            auto const* kind = action_kind_named(each.type);
            if (kind == nullptr)
                continue;  // `wait` is the runner's own
            std::list<target> own;
            std::vector<target const*> aimed;
            for (auto const& name : each.targets)
                aimed.push_back(&meant_target(name, kind->aims_at, of, own));
            if (auto const made = kind->make(each.how, aimed, where); !made)
                tell(each, each.name, made.error());
        }
}

}  // namespace aconite::experiment
