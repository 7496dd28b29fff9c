#include "clients/experiment/run/containers.hpp"

#include "clients/experiment/probes/docker_engine.hpp"
#include "clients/experiment/run/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace aconite::experiment {
namespace {

constexpr std::chrono::seconds for_an_answer{10};
constexpr int no_such_container = 404;

template <class Visit>
void each_action(experiment_spec const& what, Visit const& visit)
{
    for (auto const& phase : what.phases)
        for (auto const& action : phase.actions)
            visit(action);
}

}  // namespace

std::map<std::string, std::string> containers_aimed_at(experiment_spec const& what)
{
    std::map<std::string, std::string> found;
    each_action(what, [&](action_spec const& action) {
        auto const* kind = action_kind_named(action.type);
        // A netem goes by the proxy of a target that has both, unless it says otherwise.
        if (kind == nullptr || kind->aims_at.find("container") == kind->aims_at.npos)
            return;
        if (kind->aims_at.find("proxy") != kind->aims_at.npos &&
            action.how.text("via") != "container")
            return;
        for (auto const& name : action.targets) {
            auto const target = what.targets.find(name);
            if (target == what.targets.end())
                found.emplace(name, name);
            else if (!target->second.container.empty())
                found.emplace(name, target->second.container);
        }
    });
    return found;
}

result<void> find_engine(experiment_spec const& what, surroundings const& where)
{
    bool const is_looked_at = std::ranges::any_of(
        what.probes, [](part_spec const& each) { return each.type == "container"; });
    if (!is_looked_at && containers_aimed_at(what).empty())
        return {};
    auto const answer =
        docker_engine(where.docker_socket).ask_text("GET", "/_ping", {}, for_an_answer);
    return answer ? result<void>() : answer.error();
}

void add_gone_containers(std::vector<proof_gap>& gaps, experiment_spec const& what,
                         surroundings const& where)
{
    bool has_commands = false;
    each_action(what, [&](action_spec const& each) { has_commands |= each.type == "command"; });
    if (has_commands)
        return;
    docker_engine engine(where.docker_socket);
    for (auto const& [name, container] : containers_aimed_at(what))
        if (auto const now = engine.inspect(container, for_an_answer);
            !now && now.error().status == no_such_container)
            gaps.push_back(
                {"TARGET_GONE",
                 fmt::format("the container {} was removed while the experiment went on, by "
                             "somebody or, if it was run with --rm, when it ended",
                             container)});
}

}  // namespace aconite::experiment
